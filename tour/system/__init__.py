"""What the machine offers: processes, servers, addresses, the browser, the terminal; and errors."""
