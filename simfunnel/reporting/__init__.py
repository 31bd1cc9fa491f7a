"""How results are shown: tables, a picture, files and stories; nothing is computed here."""
