"""Vector segments on disk and search over them: the one home of FAISS.

A segment is an immutable file ``<sha256>.faiss``: unit vectors under inner product, with the
integer ids of the store. Candidates come from FAISS; their scores are then computed anew in
double precision, pair by pair, so that an answer does not depend on the batch, the segments,
the number of threads or the device.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, cast

import numpy as np

from ingest.errors import DamagedFileError, EmbedderMismatchError, MetalumenError
from ingest.store_vectors import Segment
from retrieval.durable import being_written, put_in_place, sha256_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import ModuleType

    from numpy.typing import NDArray

    from retrieval.embedders.base import Vectors

    Ids = NDArray[np.int64]
    Scores = NDArray[np.float64]

#: Largest distance of a vector's norm from 1.
_NORM_TOLERANCE: Final = 1e-3
#: Candidates beyond k, so that ties at the border are cut by id and not by chance.
_MARGIN: Final = 16
#: Decimals of a score: above the noise of single precision, far below any real difference.
_DECIMALS: Final = 6
#: Most results that FAISS gives on a GPU (faiss/gpu/utils/DeviceDefs.cuh).
_GPU_MOST: Final = 2048
#: Queries of one pass. FAISS compares a block of them by matrix product, seven times faster in
#: blocks of 1,024 than of 64 (100,000 vectors of 512 dimensions: 95 and 13 GFLOP/s a core).
_QUERIES: Final = 1024
#: Candidates that are re-scored at a time: bounds their memory to 100 MB at 512 dimensions.
_RESCORED: Final = 50_000
_REBUILD: Final = "Run: metalumen rebuild KB"

#: Vectors up to which a search is exact, and up to which all are compared at 8 bits.
FLAT_UP_TO: Final = 200_000
SQ8_UP_TO: Final = 2_000_000


class _Index(Protocol):
    """What we use of a FAISS index, which has no types."""

    ntotal: int
    d: int

    def search(self, x: Vectors, k: int, *, params: object = None) -> tuple[Vectors, Ids]: ...
    def reconstruct_batch(self, key: Ids) -> Vectors: ...
    def reconstruct_n(self, n0: int, ni: int) -> Vectors: ...


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A segment in memory; FAISS knows positions, ``ids`` turns them into ids."""

    ids: Ids
    index: _Index
    on_gpu: _Index | None
    nprobe: int


def choose_factory(count: int, dim: int) -> str:
    """Choose the FAISS index for ``count`` vectors of ``dim`` dimensions.

    Exact up to 200,000 vectors; then 8 bits per dimension (recall@10 .994 on 384-dimensional
    text vectors, recall@200 .994 on protein vectors, where no best hit was lost; a quarter of the
    memory); above two million also an inverted file, which does lose some (``_nprobe``). Quantising
    one dimension is pointless, so tiny ``dim`` stays exact.
    """
    if count <= FLAT_UP_TO or dim < 8:
        return "IDMap,Flat"
    if count <= SQ8_UP_TO:
        return "IDMap,SQ8"
    # 4 * sqrt(count) lists, as the nearest power of two: 4,096 for two to four million vectors.
    lists = 1 << round(np.log2(4 * np.sqrt(count)))
    return f"IDMap,IVF{lists},SQ8"


def _nprobe(lists: int) -> int:
    """Choose how many lists to look into: FAISS's own default of 1 loses most neighbours.

    Distant relatives lie in many lists. Of 95,014 protein vectors in 1,024 lists, the 200 nearest
    hold the best alignment at 25-40 % identity for .704 of the queries with 32 lists, .733 with
    128, .746 with 256, and .759 where all are compared, at 4.1 times the cost of 128.
    """
    return min(lists, max(16, lists // 8))


def check_unit(vectors: Vectors) -> None:
    """Refuse vectors whose norm is not 1: their inner product would not be a cosine.

    Raises:
        MetalumenError: A norm is off by more than 0.001, or is not a number.
    """
    norms = np.linalg.norm(vectors, axis=1)
    wrong = np.flatnonzero(~(np.abs(norms - 1) <= _NORM_TOLERANCE))
    if len(wrong):
        what = f"vector {wrong[0]} of {len(vectors)} has norm {norms[wrong[0]]:.4f} instead of 1"
        raise MetalumenError(what, hint="The embedder must return unit vectors")


def write_segment(
    folder: Path, space: str, kind: str, ids: Ids, vectors: Vectors, *, among: int = 0
) -> Segment:
    """Write one segment below ``folder / space`` and return its description.

    Args:
        folder: The folder of all spaces.
        space: Name of the vector space.
        kind: Part of the space.
        ids: Shape (n,), distinct.
        vectors: Shape (n, dim), unit norm.
        among: How many vectors this kind has in all its segments: they are loaded together, so
            together they decide whether they are kept at 8 bits.

    Raises:
        MetalumenError: A vector is not of unit norm, or the file cannot be written.
    """
    faiss = _faiss()
    vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    check_unit(vectors)
    count, dim = vectors.shape
    factory = choose_factory(max(count, min(among, SQ8_UP_TO)), dim)
    index = faiss.index_factory(dim, factory, faiss.METRIC_INNER_PRODUCT)
    if not index.is_trained:
        index.train(vectors)
    index.add_with_ids(vectors, np.ascontiguousarray(ids, dtype=np.int64))
    if "IVF" in factory:
        inverted = faiss.extract_index_ivf(index)
        inverted.nprobe = _nprobe(inverted.nlist)
    sha256 = _write(index, folder / space)
    return Segment(space, kind, f"{sha256}.faiss", sha256, count, dim, factory)


def _write(index: object, folder: Path) -> str:
    try:
        with being_written(folder) as temporary:
            _faiss().write_index(index, str(temporary))
            sha256 = sha256_of(temporary)
            put_in_place(temporary, folder / f"{sha256}.faiss")
    except (RuntimeError, OSError) as error:  # FAISS names no reason; most often a full disk
        what = "the vectors cannot be written"
        hint = "Check the free space and the permissions of the folder"
        raise MetalumenError(what, where=folder.name, hint=hint) from error
    return sha256


class VectorIndex:
    """Search the segments of one space; files are checked and loaded on first use.

    Args:
        folder: Folder of the space's segment files.
        space: Name of the space.
    """

    def __init__(self, folder: Path, space: str) -> None:
        """Start empty; ``use`` says what to search."""
        self._folder = folder
        self._space = space
        self._segments: tuple[Segment, ...] = ()
        self._dead: Mapping[str, Ids] = {}
        self._loaded: dict[str, _Loaded] = {}

    @property
    def count(self) -> int:
        """Number of vectors that can be found."""
        return sum(s.count for s in self._segments) - sum(map(len, self._dead.values()))

    def holds(self, kinds: Sequence[str]) -> bool:
        """Tell whether there is a vector of one of these kinds."""
        return any(segment.kind in kinds for segment in self._segments)

    def use(self, segments: Sequence[Segment], dead: Mapping[str, Ids]) -> None:
        """Set the segments to search and, by kind, the ids in them that no longer count."""
        self._segments = tuple(segment for segment in segments if segment.space == self._space)
        self._dead = {kind: ids for kind, ids in dead.items() if len(ids)}
        names = {segment.file_name for segment in self._segments}
        self._loaded = {name: it for name, it in self._loaded.items() if name in names}

    def search(
        self, queries: Vectors, k: int, *, kinds: Sequence[str], excluded: Ids | None = None
    ) -> tuple[Scores, Ids]:
        """Find the ``k`` nearest vectors of each query among ``kinds``.

        Returns scores (cosine, rounded to 6 decimals) and ids, each of shape (len(queries), m)
        with m at most k; best first, ties by id. Where fewer are found, rows end with id -1 and
        score -inf.

        Raises:
            DamagedFileError: A segment file is missing or was changed.
            EmbedderMismatchError: The queries have another dimension than the vectors.
            MetalumenError: A query is not of unit norm.
        """
        queries = np.ascontiguousarray(queries, dtype=np.float32)
        check_unit(queries)
        wanted = [segment for segment in self._segments if segment.kind in kinds]
        blocks = [
            self._search_block(queries[start : start + _QUERIES], k, wanted, excluded)
            for start in range(0, len(queries), _QUERIES)
        ]
        if not blocks:
            return np.zeros((0, 0)), np.zeros((0, 0), dtype=np.int64)
        return np.concatenate([b[0] for b in blocks]), np.concatenate([b[1] for b in blocks])

    def _search_block(
        self, queries: Vectors, k: int, segments: Sequence[Segment], excluded: Ids | None
    ) -> tuple[Scores, Ids]:
        scores = [np.zeros((len(queries), 0))]
        ids = [np.zeros((len(queries), 0), dtype=np.int64)]
        for segment in segments:
            loaded = self._load(segment)
            _check_dim(queries, segment)
            dead = self._dead.get(segment.kind, np.zeros(0, dtype=np.int64))
            hidden = dead if excluded is None else np.concatenate([dead, excluded])
            found = _candidates(loaded, queries, k + _MARGIN, hidden)
            scores.append(_rescored(loaded.index, queries, found))
            ids.append(np.where(found >= 0, loaded.ids[found], -1))
        return _best(np.concatenate(scores, axis=1), np.concatenate(ids, axis=1), k)

    def vectors(self, segment: Segment) -> tuple[Ids, Vectors]:
        """Return a segment's living ids and their unit vectors (decoded, if they are quantised).

        Raises:
            DamagedFileError: The file is missing or was changed.
        """
        loaded = self._load(segment)
        alive = ~np.isin(loaded.ids, self._dead.get(segment.kind, []))
        vectors = loaded.index.reconstruct_n(0, loaded.index.ntotal)[alive]
        vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return loaded.ids[alive], vectors.astype(np.float32)

    def check(self) -> None:
        """Check the files that are not loaded yet.

        Raises:
            DamagedFileError: A segment file is missing or was changed.
        """
        for segment in self._segments:
            if segment.file_name not in self._loaded:
                _check(self._folder / segment.file_name, segment)

    def _load(self, segment: Segment) -> _Loaded:
        if segment.file_name not in self._loaded:
            self._loaded[segment.file_name] = _read(self._folder / segment.file_name, segment)
        return self._loaded[segment.file_name]


def _check_dim(queries: Vectors, segment: Segment) -> None:
    if queries.shape[1] != segment.dim:
        what = f"the query has {queries.shape[1]} dimensions, the vectors have {segment.dim}"
        raise EmbedderMismatchError(what, where=f"space {segment.space}", hint=_REBUILD)


def _candidates(loaded: _Loaded, queries: Vectors, k: int, hidden: Ids) -> Ids:
    """Return positions of the nearest vectors, -1 where there are none."""
    faiss = _faiss()
    k = min(k, loaded.index.ntotal)
    positions = np.flatnonzero(np.isin(loaded.ids, hidden)) if len(hidden) else hidden
    if loaded.on_gpu is not None and k <= _GPU_MOST and not len(positions):
        return loaded.on_gpu.search(queries, k)[1]
    batch = faiss.IDSelectorBatch(positions) if len(positions) else None
    selector = faiss.IDSelectorNot(batch) if batch is not None else None
    if loaded.nprobe:
        params = faiss.SearchParametersIVF(sel=selector, nprobe=loaded.nprobe)
    else:
        params = faiss.SearchParameters(sel=selector) if selector is not None else None
    return loaded.index.search(queries, k, params=params)[1]


def _rescored(index: _Index, queries: Vectors, found: Ids) -> Scores:
    """Compute the cosine of each query with its candidates in double precision."""
    exact = np.empty(found.shape, dtype=np.float64)
    step = max(1, _RESCORED // max(1, found.shape[1]))
    for start in range(0, len(found), step):
        part = slice(start, start + step)
        vectors = index.reconstruct_batch(np.maximum(found[part], 0).ravel())
        vectors = vectors.reshape(*found[part].shape, queries.shape[1])
        exact[part] = np.einsum(
            "qkd,qd->qk", vectors, queries[part], dtype=np.float64, casting="safe"
        )
    return np.where(found >= 0, np.round(exact, _DECIMALS), -np.inf)


def _best(scores: Scores, ids: Ids, k: int) -> tuple[Scores, Ids]:
    order = np.lexsort((ids, -scores), axis=-1)[:, :k]
    return np.take_along_axis(scores, order, axis=1), np.take_along_axis(ids, order, axis=1)


def _read(path: Path, segment: Segment) -> _Loaded:
    """Check a segment file, then load it."""
    size = _check(path, segment)
    return _parse(path, size, _place(segment))


def _place(segment: Segment) -> str:
    return f"vectors/{segment.space}/{segment.file_name}"


def _check(path: Path, segment: Segment) -> int:
    """Check a segment file against its SHA-256; return its size in bytes."""
    where = _place(segment)
    try:
        actual = sha256_of(path)
        size = path.stat().st_size
    except OSError as error:
        what = f"the vectors cannot be read ({error.strerror})"
        raise DamagedFileError(what, where=where, hint=_REBUILD) from error
    if actual != segment.sha256:
        what = "the vectors are not those that were written: the file was changed or cut short"
        raise DamagedFileError(what, where=where, hint=_REBUILD)
    return size


def _parse(path: Path, size: int, where: str) -> _Loaded:
    faiss = _faiss()
    # No vector of the file can be larger than the file itself.
    faiss.set_deserialization_vector_byte_limit(size)
    try:
        mapped = faiss.read_index(str(path))
    except (RuntimeError, MemoryError) as error:
        what = "the vectors cannot be loaded"
        raise DamagedFileError(what, where=where, hint=_REBUILD) from error
    ids = faiss.vector_to_array(mapped.id_map).astype(np.int64)
    inner = faiss.downcast_index(mapped.index)
    inner.referenced_objects = [mapped]  # the outer index owns the inner one
    nprobe = 0
    if isinstance(inner, faiss.IndexIVF):
        inner.make_direct_map()  # to find a vector by its position
        nprobe = inner.nprobe
    return _Loaded(ids, inner, _moved_to_gpu(inner), nprobe)


def _moved_to_gpu(index: object) -> _Index | None:
    """Copy an index to the first GPU, or return None: the file and the CPU copy stay the master."""
    faiss = _faiss()
    if gpu_count() < 1:
        return None
    try:
        resources = faiss.StandardGpuResources()
        moved = faiss.index_cpu_to_gpu(resources, 0, index)
    except RuntimeError:  # a kind of index that has no GPU form, or no room on the device
        return None
    moved.referenced_objects = [resources]
    return cast("_Index", moved)


def gpu_count() -> int:
    """Count the GPUs that FAISS can use: none with the CPU package."""
    return int(getattr(_faiss(), "get_num_gpus", lambda: 0)())


def _faiss() -> ModuleType:
    """Import FAISS on first use: it takes a fifth of a second and starts threads."""
    import faiss

    return faiss
