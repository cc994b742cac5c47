"""Languages: one file is one language; `table.py` names them."""
