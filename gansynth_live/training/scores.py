"""The GANSynth paper's figures (section 4): what a set of notes is like beside the real ones."""

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.cluster.vq import kmeans2, vq
from scipy.linalg import sqrtm

Matrix = NDArray[np.floating]

SIGNIFICANCE = 1.96  # two-sided 5 %
PRINCIPAL = 40  # directions that keep what clusters differ by


class Scores(msgspec.Struct, frozen=True):
    """Of one set of notes.

    Attributes:
        different_bins: NDB/k, share of clusters of real notes that are filled significantly
            differently (0.05 by chance).
        frechet: Frechet distance of the pitch classifier's features to real notes'.
        inception: exp of the mean divergence of its answers from their mean (at most 61).
        pitch_accuracy: share of its answers that are the wanted pitch.
        pitch_entropy: mean entropy of its answers, in nats.
    """

    notes: int
    different_bins: float
    frechet: float
    inception: float
    pitch_accuracy: float
    pitch_entropy: float


def frechet_distance(a: Matrix, b: Matrix) -> float:
    """Between normal distributions fitted to rows of a and b [n, features]."""
    mean_a, mean_b = a.mean(0), b.mean(0)
    covariance_a, covariance_b = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    root = np.real(sqrtm(covariance_a @ covariance_b))
    spread = np.trace(covariance_a + covariance_b - 2 * root)
    return float(np.square(mean_a - mean_b).sum() + spread)


def inception_score(probabilities: Matrix) -> float:
    """exp(mean KL(answer || mean answer)) of answers [n, classes]."""
    p = np.maximum(probabilities, 1e-12)
    return float(np.exp((p * np.log(p / p.mean(0))).sum(1).mean()))


def pitch_entropy(probabilities: Matrix) -> float:
    """Mean entropy of answers [n, classes], nats."""
    p = np.maximum(probabilities, 1e-12)
    return float(-(p * np.log(p)).sum(1).mean())


def different_bins(real: Matrix, other: Matrix, bins: int) -> float:
    """NDB/k (Richardson and Weiss 2018): share of k-means clusters with another filling.

    Args:
        real, other: [n, values], log spectra.
    """
    middle = real.mean(0)
    count = min(PRINCIPAL, *real.shape)
    _, _, directions = np.linalg.svd(real - middle, full_matrices=False)
    near, far = ((x - middle) @ directions[:count].T for x in (real, other))
    centres, labels = kmeans2(near, bins, minit="++", seed=0)
    share_real = np.bincount(labels, minlength=bins) / len(near)
    share_other = np.bincount(vq(far, centres)[0], minlength=bins) / len(far)
    pooled = (share_real * len(near) + share_other * len(far)) / (len(near) + len(far))
    error = np.sqrt(pooled * (1 - pooled) * (1 / len(near) + 1 / len(far)))
    return float((np.abs(share_real - share_other) > SIGNIFICANCE * error).mean())
