"""What visitors see: the touch screen, the call display, the phone pages."""
