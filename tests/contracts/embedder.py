"""What every embedder must do. Subclass it, give ``embedder`` and ``items`` as fixtures."""

from __future__ import annotations

import numpy as np
import pytest

TOLERANCE = 1e-5  # per component; sums in float32 may be taken in another order


class EmbedderContract:
    """Tests for one embedder; ``items`` are at least four different texts or proteins."""

    @pytest.fixture
    def embedder(self):
        raise NotImplementedError

    @pytest.fixture
    def items(self):
        raise NotImplementedError

    @pytest.fixture(params=["embed_documents", "embed_queries"])
    def embed(self, request, embedder):
        return getattr(embedder, request.param)

    def test_says_what_it_is(self, embedder):
        assert embedder.name
        assert embedder.revision
        assert embedder.dim > 0

    def test_gives_one_float32_row_per_item(self, embedder, embed, items):
        vectors = embed(items)
        assert vectors.shape == (len(items), embedder.dim)
        assert vectors.dtype == np.float32

    def test_rows_have_unit_norm(self, embed, items):
        np.testing.assert_allclose(np.linalg.norm(embed(items), axis=1), 1.0, atol=TOLERANCE)

    def test_no_item_gives_no_row(self, embedder, embed):
        vectors = embed([])
        assert vectors.shape == (0, embedder.dim)
        assert vectors.dtype == np.float32

    def test_order_is_kept(self, embed, items):
        order = np.random.default_rng(7).permutation(len(items))
        shuffled = embed([items[position] for position in order])
        np.testing.assert_allclose(shuffled, embed(items)[order], atol=TOLERANCE)

    def test_an_item_does_not_depend_on_its_batch(self, embed, items):
        single = np.vstack([embed([item]) for item in items])
        np.testing.assert_allclose(embed(items), single, atol=TOLERANCE)

    def test_the_same_call_gives_the_same_numbers(self, embed, items):
        np.testing.assert_array_equal(embed(items), embed(items))

    def test_different_items_differ(self, embed, items):
        similarity = embed(items) @ embed(items).T
        np.fill_diagonal(similarity, -1)
        assert similarity.max() < 1 - TOLERANCE

    def test_a_document_is_its_own_nearest_query(self, embedder, items):
        similarity = embedder.embed_queries(items) @ embedder.embed_documents(items).T
        assert similarity.argmax(axis=1).tolist() == list(range(len(items)))

    def test_an_empty_item_still_gives_a_unit_vector(self, embed, items):
        vectors = embed([items[0], "", items[1]])
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=TOLERANCE)


class TextEmbedderContract(EmbedderContract):
    """Tests for one embedder of texts."""

    @pytest.fixture
    def items(self):
        return [
            "Bile salt hydrolases of the gut microbiota deconjugate bile acids.",
            "Sulfate-reducing bacteria produce hydrogen sulfide in the colon.",
            "short text",
            "Butyrate is made from acetyl-CoA by way of crotonyl-CoA. " * 12,
            "",
        ]
