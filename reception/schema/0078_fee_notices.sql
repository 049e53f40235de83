-- Which slip a line stood on: it was on a notice once that came out. NULL: on a sheet of A4, noted as it was printed.
ALTER TABLE fees ADD COLUMN notice_ref TEXT CHECK (notice_ref GLOB 'fee_notice:*');
