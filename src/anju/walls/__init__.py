"""What the database itself holds although Django's constraints cannot say it: triggers, exclusions, row-level security.

An app lists its walls with :func:`anju.walls.wall.stands`; they are built after every migration, because Django forgets SQLite's
triggers when it remakes a table, and no start passes without them.
"""
