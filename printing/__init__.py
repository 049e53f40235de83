"""Facts to paper: documents, ESC/POS, devices, the print worker, the interpreter, the virtual printer."""
