"""What must be true of letters whatever happened: questions whose answer is 0."""

from __future__ import annotations

from anju.government.proving import counted, proves

_statements = {
    "文号从 1 号编起，一个不缺": (
        "SELECT count(*) FROM documents_counter c WHERE c.last <> (SELECT count(*) FROM documents_letter l "
        "WHERE l.line = c.line AND l.region = c.region AND l.year = c.year) "
        "OR (c.last > 0 AND c.last <> (SELECT max(l.number) FROM documents_letter l "
        "WHERE l.line = c.line AND l.region = c.region AND l.year = c.year))"
    ),
    "编了号的文书都有它那一年的号簿": (
        "SELECT count(*) FROM documents_letter l WHERE l.number IS NOT NULL AND NOT EXISTS (SELECT 1 FROM documents_counter c "
        "WHERE c.line = l.line AND c.region = l.region AND c.year = l.year)"
    ),
    "回执都是收文单位的": (
        "SELECT count(*) FROM documents_receipt r JOIN documents_addressee a ON a.id = r.addressee_id "
        "WHERE a.letter_id <> r.letter_id"
    ),
    "收文单位记着发文单位的地区": (
        "SELECT count(*) FROM documents_addressee a JOIN documents_letter l ON l.id = a.letter_id WHERE a.issuer <> l.region"
    ),
}
for _sentence, _sql in _statements.items():
    proves(_sentence)(counted(_sql))
