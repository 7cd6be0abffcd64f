"""How much memory a process has in use."""

from pathlib import Path


def resident_mib(process: int | str = "self") -> float | None:
    """Memory of a process (its number) in MiB, where the system tells (Linux)."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return None
    lines = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    return int(lines["VmRSS"].split()[0]) / 1024 if "VmRSS" in lines else None
