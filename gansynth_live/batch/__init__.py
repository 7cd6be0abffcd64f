"""Many files: which they are (`sources`), what is there already (`record`), and who renders them.

Begin with `run`. A file is a job, as data (`job`), that any process can do (`work`): one of this
machine (`processes`, `worker`) or of a Dask cluster (`cluster`).
"""
