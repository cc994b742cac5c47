"""How outputs of programs are compared: one file, one checker; `table` names them."""
