// Runs exported DMN files on a FEEL interpreter: `node feel.mjs < CASES`, with CASES {file: [facts by input name, …]}.
// Prints {file: [{decision id: {hits, result, warnings}, …}, …]} as JSON. A fact {"date": "2026-06-30"} is a date.
import { readFile } from 'node:fs/promises';

import { DmnModdle } from 'dmn-moddle';
import { evaluate, unaryTest } from 'feelin';

function value(fact, warnings) {
  return fact?.date ? expression(`date("${fact.date}")`, {}, warnings) : fact;
}

function expression(text, context, warnings) {
  const answer = evaluate(text, context);
  warnings.push(...answer.warnings.map(({ message }) => `${text}: ${message}`));
  return answer.value;
}

function matches(rule, inputs, context) {
  return rule.inputEntry.every(({ text }, at) => text === '-' || unaryTest(text, { ...context, '?': inputs[at] }).value === true);
}

function decide(decision, context) {
  const logic = decision.decisionLogic;
  const warnings = [];
  if (logic.$type === 'dmn:LiteralExpression') {
    return { hits: 1, result: expression(logic.text, context, warnings), warnings };
  }
  const inputs = logic.input.map(({ inputExpression }) => expression(inputExpression.text, context, warnings));
  const rules = logic.rule.filter(rule => matches(rule, inputs, context));
  const result = {};
  if (rules.length === 1) {
    rules[0].outputEntry.forEach(({ text }, at) => {
      result[logic.output[at].name] = expression(text, context, warnings);
    });
  }
  return { hits: rules.length, result, warnings };
}

function run(decisions, facts) {
  const context = Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, value(fact, [])]));
  const answers = {};
  for (const decision of decisions) {
    const answer = decide(decision, context);
    answers[decision.id] = answer;
    context[decision.name] = answer.result;
  }
  return answers;
}

const chunks = [];
for await (const chunk of process.stdin) {
  chunks.push(chunk);
}
const answers = {};
for (const [file, cases] of Object.entries(JSON.parse(Buffer.concat(chunks).toString('utf8')))) {
  const { rootElement } = await new DmnModdle().fromXML(await readFile(file, 'utf8'), 'dmn:Definitions');
  const decisions = rootElement.drgElement.filter(({ $type }) => $type === 'dmn:Decision');
  answers[file] = cases.map(facts => run(decisions, facts));
}
console.log(JSON.stringify(answers));
