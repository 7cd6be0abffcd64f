"""Open Sound Control: bytes of packets (`packet`), their addresses (`surface`), UDP (`server`)."""
