"""The panel: the instrument in a browser. Begin with `server.py`; the wire is in docs/panel.md."""
