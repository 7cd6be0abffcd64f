"""One process, or several that torchrun started: ranks, devices and the gradients they share."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import distributed, nn


@dataclass(frozen=True)
class Crew:
    """This process among all that train together."""

    rank: int
    size: int
    device: torch.device

    @property
    def leads(self) -> bool:
        """Whether this process writes files and reports."""
        return self.rank == 0

    def share(self, network: nn.Module) -> nn.Module:
        """The network with its gradients averaged over the crew (itself when alone)."""
        if self.size == 1:
            return network
        return nn.parallel.DistributedDataParallel(network, broadcast_buffers=False)

    def average_gradients(self, network: nn.Module) -> None:
        """Average the gradients by hand, for losses that go through a network more than once.

        A parameter without a gradient in this step has none in any process.
        """
        if self.size == 1:
            return
        gradients = [p.grad for p in network.parameters() if p.grad is not None]
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        distributed.all_reduce(flat)
        flat /= self.size
        sizes = [gradient.numel() for gradient in gradients]
        for gradient, mean in zip(gradients, torch.split(flat, sizes), strict=True):
            gradient.copy_(mean.view_as(gradient))

    @property
    def halves(self) -> bool:
        """Whether the device computes in bfloat16; CPUs that only emulate it are slower with it."""
        if self.device.type == "cuda":
            return True
        return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())

    def agree(self, value: float) -> float:
        """The leader's value, in every process."""
        if self.size == 1:
            return value
        box = torch.tensor([value], dtype=torch.float64, device=self.device)
        distributed.broadcast(box, 0)
        return float(box.item())


@contextmanager
def crew(threads: int = 1) -> Iterator[Crew]:
    """Join the processes that torchrun started, each with so many CPU threads; alone without it."""
    torch.set_num_threads(threads)
    cuda = torch.cuda.is_available()
    size = int(os.environ.get("WORLD_SIZE", "1"))
    local = int(os.environ.get("LOCAL_RANK", "0"))
    device = torch.device("cuda", local) if cuda else torch.device("cpu")
    if cuda:
        torch.cuda.set_device(device)
        torch.backends.cuda.matmul.allow_tf32 = True
    if size == 1:
        yield Crew(0, 1, device)
        return
    distributed.init_process_group("nccl" if cuda else "gloo")
    try:
        yield Crew(distributed.get_rank(), size, device)
    finally:
        distributed.destroy_process_group()
