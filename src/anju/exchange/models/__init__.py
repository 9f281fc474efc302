"""What is stored of imports and exports."""

from anju.exchange.models.batches import (
    Batch,
    Batches,
    Chunk,
    Decision,
    Part,
    StagedRow,
    StagedRows,
    State,
    Verdict,
    ended,
    not_asked,
    rows_gone,
    steps,
)
from anju.exchange.models.exports import Export, Exports, Piece, Stage, stages

__all__ = [
    "Batch",
    "Batches",
    "Chunk",
    "Decision",
    "Export",
    "Exports",
    "Part",
    "Piece",
    "Stage",
    "StagedRow",
    "StagedRows",
    "State",
    "Verdict",
    "ended",
    "not_asked",
    "rows_gone",
    "stages",
    "steps",
]
