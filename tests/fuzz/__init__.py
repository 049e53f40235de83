"""The fuzz run: requests drawn from the routes of both apps, held to what must never be answered (`make fuzz`)."""
