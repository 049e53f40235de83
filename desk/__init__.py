"""What staff see: queue, cases, bookings, printers."""
