"""The arrays that the engine works on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Whole = NDArray[np.int64]
Floats = NDArray[np.float64]
