"""Standards out: each clause as DMN 1.3, each procedure as BPMN 2.0, for other engines and for modelers."""
