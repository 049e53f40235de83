"""How anything is kept: the store, its migrations, the spool of papers, the pulse, the backup."""
