"""Where batches are replayed: this process, others on this machine, or a Dask cluster.

Which one makes no difference to any figure: a batch's follow from what it is given, and they are
put together by draw number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import joblib
from joblib.externals.loky.process_executor import TerminatedWorkerError

from planner.errors import EngineError, PlannerError
from planner.uncertainty.batches import STAMP, played

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planner.uncertainty.batches import Batch, Played

PATIENCE_SECONDS = 15.0
"""How long to wait for a cluster to answer, and again for it to have a worker."""
MOST_DEATHS = 3
"""How often to go on with what is left after a process on this machine was killed."""


class Engine(Protocol):
    """Replays batches, each once, in any order."""

    def play(self, batches: Sequence[Batch]) -> Iterator[Played]:
        """The figures of each batch, as they come."""
        ...


class Local:
    """Processes on this machine; one worker: this process itself."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or joblib.cpu_count()

    def play(self, batches: Sequence[Batch]) -> Iterator[Played]:
        """The figures of each batch. A process that is killed costs what it had in hand."""
        if self.workers == 1:
            yield from map(played, batches)
            return
        left = {batch.key: batch for batch in batches}
        for deaths in range(MOST_DEATHS + 1):
            try:
                for done in self._together(list(left.values())):
                    del left[done.key]
                    yield done
            except TerminatedWorkerError:
                if deaths == MOST_DEATHS:
                    raise
            else:
                return

    def _together(self, batches: Sequence[Batch]) -> Iterator[Played]:
        parallel = joblib.Parallel(
            n_jobs=self.workers,
            backend="loky",
            batch_size=1,
            max_nbytes=None,  # nothing is left in temporary files
            return_as="generator_unordered",
        )
        yield from parallel(joblib.delayed(played)(batch) for batch in batches)


class Dask:
    """A Dask cluster that is there already, by its scheduler's address."""

    def __init__(self, address: str) -> None:
        self.address = address
        with _client(address):
            pass

    def play(self, batches: Sequence[Batch]) -> Iterator[Played]:
        """The figures of each batch. Dask gives those of a worker that dies to another."""
        completed = _distributed().as_completed
        with _client(self.address) as client:
            futures = [client.submit(played, batch, key=f"draws-{batch.key}") for batch in batches]
            with client.as_current():
                coming = completed(futures, with_results=True)
            try:
                for _, done in coming:
                    yield by_this_version(done)
            except PlannerError:
                raise
            except Exception as error:  # whatever a cluster may come to
                raise EngineError(
                    f"The Dask cluster at {self.address!r} failed ({type(error).__name__}). What "
                    "is done is kept: run the same command again to go on from there."
                ) from error


def _distributed() -> Any:
    """The library, imported only where it is asked for. Raises ``EngineError``."""
    try:
        import distributed
    except ImportError as error:
        raise EngineError(
            "--dask needs the Dask extra, which is not installed. Install it with "
            "pip install 'offender-management-planner[dask]', or leave --dask out."
        ) from error
    return distributed


def _client(address: str) -> Any:
    """A client of the cluster, which has a worker. Raises ``EngineError``."""
    distributed = _distributed()
    try:
        client = distributed.Client(address, timeout=PATIENCE_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise EngineError(
            f"No Dask scheduler answers at {address!r}. Check the address (such as "
            "tcp://10.0.0.5:8786), and that the scheduler runs and may be reached from here."
        ) from error
    try:
        client.wait_for_workers(1, timeout=PATIENCE_SECONDS)
    except TimeoutError as error:
        client.close()
        raise EngineError(
            f"The Dask scheduler at {address!r} has no worker. Start one, and run again."
        ) from error
    return client


def by_this_version(done: Played) -> Played:
    """The figures, where the worker has the same version as we. Raises ``EngineError``."""
    if done.stamp != STAMP:
        raise EngineError(
            f"A Dask worker has another version of the planner ({done.stamp}; here {STAMP}). "
            "Install the same one there, and run again."
        )
    return done
