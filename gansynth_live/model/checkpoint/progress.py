"""How far progressive training has come, and so which blocks are heard (gansynth-model, 3.5)."""

from itertools import accumulate

import numpy as np

from gansynth_live.model.checkpoint.experiment import Experiment


def trained_blocks(stage: int) -> int:
    """Blocks of the network in a stage; even stages are stable, odd ones transitions."""
    return (stage + 1) // 2 + 1


def progress(experiment: Experiment, stage: int, images: int, seconds: float) -> float:
    """Progress from 0 (block 1 alone) to blocks - 1, for `images` or `seconds` of training."""
    blocks = trained_blocks(stage)
    if not experiment.train_progressive:
        return blocks - 1.0
    if experiment.train_time_limit is not None:
        return _progress_by_time(experiment, blocks, experiment.train_time_limit, seconds)
    stable = experiment.stable_stage_num_images
    transition = experiment.transition_stage_num_images
    if not stable + transition:
        return blocks - 1.0
    total = blocks * stable + (blocks - 1) * transition
    whole, rest = divmod(max(0, min(images, total - 1)), stable + transition)
    return whole + (max(0.0, (rest - stable) / transition) if transition else 0.0)


def output_alphas(progress: float, blocks: int) -> tuple[float, ...]:
    """Weight of each block's output, up to the last block that is heard. They add up to 1."""
    alphas = [max(0.0, min(progress - (i - 2), i - progress)) for i in range(1, blocks + 1)]
    while alphas[-1] == 0:
        alphas.pop()
    return tuple(alphas)


def _progress_by_time(experiment: Experiment, blocks: int, limit: float, seconds: float) -> float:
    stages = 2 * experiment.num_resolutions - 1
    lengths = [experiment.train_time_stage_multiplier**stage for stage in range(stages)]
    ends = [end * limit / sum(lengths) for end in accumulate(lengths)]
    done = sum(
        float(np.clip((seconds - ends[stage - 1]) / (ends[stage] - ends[stage - 1]), 0, 1))
        for stage in range(1, stages, 2)
    )
    return min(done, blocks - 1.0)
