//! Holds tiles against the definition of tlog-tiles: a hash of level L is the root of 256^L leaves.

use std::collections::HashMap;

use proptest::prelude::*;

use super::super::merkle::{inclusion_plan, leaf_hash, root_plan, verify_inclusion};
use super::*;

fn leaves(size: u64) -> Vec<Hash> {
    (0..size).map(|index| leaf_hash(&index.to_be_bytes())).collect()
}

/// The stored hashes of a tree, built with the builder from any frontier: what a store would hold.
struct Stored(HashMap<(u8, u64), Hash>);

impl Stored {
    fn new(leaves: &[Hash]) -> Self {
        let mut builder = TileBuilder::new(Frontier::new());
        leaves.iter().for_each(|leaf| builder.push(*leaf).unwrap());
        let base = (0..).zip(leaves).map(|(position, hash)| ((0, position), *hash));
        Self(base.chain(builder.finish().1.into_iter().map(|one| ((one.level, one.position), one.hash))).collect())
    }

    fn get(&self, range: TileHashes) -> Vec<Hash> {
        (range.from..range.to).map(|position| self.0[&(range.level, position)]).collect()
    }

    fn node(&self, node: NodeId) -> Hash {
        node_from(&self.get(TileHashes::cover(node))).unwrap()
    }
}

fn accept_tile(path: &str, level: u8, index: u64, width: u16) {
    let tile = TileId::new(level, index, width).unwrap();
    assert_eq!((path.parse(), tile.to_string().as_str()), (Ok(tile), path));
}

fn accept_bundle(path: &str, index: u64, width: u16) {
    let bundle = BundleId::new(index, width).unwrap();
    assert_eq!((path.parse(), bundle.to_string().as_str()), (Ok(bundle), path));
}

#[test]
fn paths_are_those_of_the_specification() {
    accept_tile("tile/0/x001/x234/067", 0, 1_234_067, 256);
    accept_tile("tile/0/000", 0, 0, 256);
    accept_tile("tile/0/999.p/1", 0, 999, 1);
    accept_tile("tile/1/x001/000.p/255", 1, 1000, 255);
    accept_tile("tile/6/000.p/31", 6, 0, 31);
    accept_tile("tile/0/x035/x184/x372/x088/830", 0, 35_184_372_088_830, 256);
    accept_bundle("tile/entries/x001/x234/067", 1_234_067, 256);
    accept_bundle("tile/entries/000.p/112", 0, 112);
}

#[test]
fn only_the_canonical_path_is_a_path() {
    let check = |path: &str| {
        assert_eq!(path.parse::<TileId>(), Err(TileError::Path), "{path}");
        assert_eq!(path.replace("tile/0/", "tile/entries/").parse::<BundleId>(), Err(TileError::Path), "{path}");
    };
    for place in ["", "0", "00", "0000", "1000", "x000/000", "x001/00", "001/000", "x001", "x001/x000", "X001/000"] {
        check(&format!("tile/0/{place}"));
    }
    for place in ["000.p", "000.p/", "000.p/256", "000.p/01", "000.p/+1", "000.p/1/", "000.p/1.p/1", "000.P/1", "+000"]
    {
        check(&format!("tile/0/{place}"));
    }
    for path in ["", "tile", "tile/", "/tile/0/000", "tile/0/000/", "tile/0/000 ", "tile/0//000", "tile/0/٠٠٠"] {
        check(path);
    }
    check(&format!("tile/0/{}000", "x000/".repeat(20)));
    check("tile/0/x018/x446/x744/x073/x709/x551/616");
    for level in ["00", "+0", "-0", "", "256", "entries", "data"] {
        assert_eq!(format!("tile/{level}/000").parse::<TileId>(), Err(TileError::Path), "{level}");
    }
    assert_eq!("tile/0/000".parse::<BundleId>(), Err(TileError::Path));
}

#[test]
fn a_tile_is_one_of_a_possible_tree() {
    let check = |level, index, width, possible: bool| {
        let tile = TileId::new(level, index, width);
        assert_eq!(tile.is_ok(), possible, "{level} {index} {width}");
        assert!(tile.is_ok_and(|tile| tile.size_min() <= TREE_SIZE_MAX) || !possible);
    };
    check(0, 0, 0, false);
    check(0, 0, 1, true);
    check(0, 0, 256, true);
    check(0, 0, 257, false);
    let last = TREE_SIZE_MAX / 256; // 2^45 - 1, a tile that can only be partial
    check(0, last, 255, true);
    check(0, last, 256, false);
    check(0, last + 1, 1, false);
    check(0, u64::MAX, 1, false);
    check(6, 0, 31, true);
    check(6, 0, 32, false);
    check(7, 0, 1, false);
    check(255, 0, 1, false);
    assert_eq!("tile/6/000".parse::<TileId>(), Err(TileError::Impossible { level: 6, index: 0, width: 256 }));
    assert_eq!("tile/7/000.p/1".parse::<TileId>(), Err(TileError::Impossible { level: 7, index: 0, width: 1 }));
    assert_eq!("tile/0/000.p/0".parse::<TileId>(), Err(TileError::Impossible { level: 0, index: 0, width: 0 }));
    assert_eq!(
        "tile/entries/000.p/257".parse::<BundleId>().unwrap_err().to_string(),
        "no tree has a tile 0 of width 257 at level 0"
    );
}

#[test]
fn the_tiles_of_a_size_are_those_of_the_specification() {
    let check = |size, full: [u64; 3], partial: [u16; 3]| {
        let tiles = tiles_of_size(size).unwrap().collect::<Vec<_>>();
        for (level, full, partial) in [(0, full[0], partial[0]), (1, full[1], partial[1]), (2, full[2], partial[2])] {
            assert_eq!(partial_width(level, size), partial, "{size}");
            let mut expected = (0..full).map(|index| (index, 256)).collect::<Vec<_>>();
            expected.extend((partial > 0).then_some((full, partial)));
            let found = tiles.iter().filter(|tile| tile.level() == level).map(|tile| (tile.index(), tile.width()));
            assert_eq!(found.collect::<Vec<_>>(), expected, "{size}");
        }
        assert!(tiles.iter().all(|tile| tile.level() <= 2 && tile.size_min() <= size));
        let base = tiles.iter().copied().filter(|tile| tile.level() == 0);
        assert!(bundles_of_size(size).unwrap().map(|bundle| bundle.tile()).eq(base));
    };
    check(0, [0, 0, 0], [0, 0, 0]);
    check(1, [0, 0, 0], [1, 0, 0]);
    check(255, [0, 0, 0], [255, 0, 0]);
    check(256, [1, 0, 0], [0, 1, 0]);
    check(257, [1, 0, 0], [1, 1, 0]);
    check(65_536, [256, 1, 0], [0, 0, 1]);
    check(70_000, [273, 1, 0], [112, 17, 1]); // the example of tlog-tiles
}

#[test]
fn no_tree_has_more_than_two_to_the_53_less_one_leaves() {
    assert_eq!(tiles_of_size(TREE_SIZE_MAX).unwrap().next(), TileId::new(0, 0, 256).ok());
    assert!(tiles_of_size(TREE_SIZE_MAX + 1).is_err() && bundles_of_size(TREE_SIZE_MAX + 1).is_err());
    assert_eq!((TileId::in_tree(0, u64::MAX, u64::MAX), TileId::in_tree(255, 0, u64::MAX)), (None, None));
    assert_eq!(TileId::in_tree(0, 0, TREE_SIZE_MAX), TileId::new(0, 0, 256).ok());
    assert_eq!(TileId::in_tree(0, 0, TREE_SIZE_MAX + 1), None);
    assert_eq!((partial_width(7, u64::MAX), partial_width(8, u64::MAX)), (255, 0));
    let (mut builder, full) = (TileBuilder::new(Frontier::new()), vec![leaf_hash(b""); 53]);
    assert_eq!(builder.push(full[0]), Ok(()));
    builder = TileBuilder::new(Frontier::from_parts(TREE_SIZE_MAX, full.clone()).unwrap());
    assert_eq!(builder.push(full[0]), Err(MerkleError::SizeTooLarge { size: TREE_SIZE_MAX + 1 }));
    assert_eq!(builder.finish(), (Frontier::from_parts(TREE_SIZE_MAX, full).unwrap(), vec![]));
}

#[test]
fn a_tile_has_as_many_hashes_as_it_is_wide() {
    let check = |width: u16, count: usize| {
        let (tile, hashes) = (TileId::new(0, 0, width).unwrap(), leaves(count as u64));
        let expected =
            if count == usize::from(width) { Ok(()) } else { Err(TileError::HashCount { width, found: count }) };
        assert_eq!(tile.encode_content(&hashes).map(|_| ()), expected);
        assert_eq!(tile.parse_content(&concat_hashes(&hashes)).map(|found| assert_eq!(found, hashes)), expected);
    };
    for width in [1, 2, 255, 256] {
        let exact = usize::from(width);
        [exact - 1, exact, exact + 1].into_iter().for_each(|count| check(width, count));
    }
    let cut = TileId::new(0, 0, 1).unwrap().parse_content(&[0; 33]);
    assert_eq!(cut, Err(MerkleError::HashLength { found: 1 }.into()));
}

#[test]
fn a_bundle_has_as_many_entries_as_it_is_wide() {
    let bundle = BundleId::new(0, 2).unwrap();
    let check = |bytes: &[u8], expected| assert_eq!(bundle.parse_content(bytes).map(|_| ()), expected, "{bytes:?}");
    check(b"\0\x03one\0\x03two", Ok(()));
    check(b"\0\0\0\0", Ok(()));
    check(b"", Err(TileError::EntryCount { width: 2, found: 0 }));
    check(b"\0\0", Err(TileError::EntryCount { width: 2, found: 1 }));
    check(b"\0\0\0\0\0", Err(TileError::EntryCount { width: 2, found: 3 }));
    check(b"\0\0\0", Err(TileError::EntryCut { position: 1 }));
    check(b"\0\x01x\0\x02x", Err(TileError::EntryCut { position: 1 }));
    check(b"\xff\xff", Err(TileError::EntryCut { position: 0 }));
    assert_eq!(bundle.encode_content(&["x"]), Err(TileError::EntryCount { width: 2, found: 1 }));
    assert_eq!(bundle.encode_content(&["x"; 3]), Err(TileError::EntryCount { width: 2, found: 3 }));
    assert_eq!(bundle.entries(), 0..2);
}

#[test]
fn an_entry_is_at_most_65_535_bytes() {
    let bundle = BundleId::new(0, 2).unwrap();
    let (longest, longer) = (vec![7; ENTRY_BYTES_MAX], vec![7; ENTRY_BYTES_MAX + 1]);
    let bytes = bundle.encode_content(&[&[], longest.as_slice()]).unwrap();
    assert_eq!(bundle.parse_content(&bytes), Ok(vec![&[], longest.as_slice()]));
    assert_eq!(bundle.encode_content(&[vec![], longer]), Err(TileError::EntryTooLong { position: 1, found: 65_536 }));
}

#[test]
fn a_perfect_subtree_has_a_power_of_two_of_hashes() {
    let hashes = leaves(256);
    for count in 0..=256 {
        assert_eq!(node_from(&hashes[..count]).is_ok(), count.is_power_of_two(), "{count}");
    }
    let pair = |from: usize| node_hash(&hashes[from], &hashes[from + 1]);
    assert_eq!(node_from(&hashes[..1]), Ok(hashes[0]));
    assert_eq!(node_from(&hashes[..4]), Ok(node_hash(&pair(0), &pair(2))));
}

#[test]
fn a_node_is_covered_by_one_tile() {
    let check = |level, index, cover: (u8, u64, u64)| {
        let found = TileHashes::cover(NodeId::new(level, index).unwrap());
        assert_eq!((found.level, found.from, found.to), cover, "{level} {index}");
    };
    check(0, 5, (0, 5, 6));
    check(7, 3, (0, 384, 512));
    check(8, 3, (1, 3, 4));
    check(15, 1, (1, 128, 256));
    check(52, 0, (6, 0, 16));
}

#[test]
fn the_65_536th_leaf_completes_hashes_of_two_levels() {
    let leaves = leaves(65_537);
    let stored = Stored::new(&leaves);
    let mut above = stored.0.keys().filter(|(level, _)| *level > 0).copied().collect::<Vec<_>>();
    above.sort_unstable();
    assert_eq!(above, (0..256).map(|position| (1, position)).chain([(2, 0)]).collect::<Vec<_>>());
    assert_eq!(stored.0[&(2, 0)], node_from(&leaves[..65_536]).unwrap());
    let mut frontier = Frontier::new();
    leaves.iter().for_each(|leaf| frontier.push(*leaf).unwrap());
    let fetch = |nodes: &[NodeId]| nodes.iter().map(|node| stored.node(*node)).collect::<Vec<_>>();
    for index in [0, 255, 256, 65_535, 65_536] {
        let plan = inclusion_plan(index, 65_537).unwrap();
        let hashes = fetch(plan.nodes());
        let proof = plan.finish(hashes).unwrap();
        assert_eq!(verify_inclusion(index, 65_537, &leaves[index as usize], &proof, &frontier.root()), Ok(()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_builder_yields_the_root_of_every_tile_it_fills(before in 0..900_usize, appended in 0..900_usize) {
        let leaves = leaves((before + appended) as u64);
        let mut frontier = Frontier::new();
        leaves[..before].iter().for_each(|leaf| frontier.push(*leaf).unwrap());
        let mut builder = TileBuilder::new(frontier.clone());
        leaves[before..].iter().for_each(|leaf| builder.push(*leaf).unwrap());
        leaves[before..].iter().for_each(|leaf| frontier.push(*leaf).unwrap());
        prop_assert_eq!(builder.frontier(), &frontier);

        let naive = (0..).zip(leaves.chunks_exact(256)).skip(before / 256);
        let expected = naive.map(|(position, tile)| TileHash { level: 1, position, hash: node_from(tile).unwrap() });
        prop_assert_eq!(builder.finish().1, expected.collect::<Vec<_>>());
    }

    #[test]
    fn every_tree_is_made_of_its_stored_hashes(size in 1..1500_u64, index: prop::sample::Index) {
        let (leaves, index) = (leaves(size), index.index(size as usize));
        let stored = Stored::new(&leaves);
        let finish = |plan: super::super::merkle::ProofPlan| {
            let hashes = plan.nodes().iter().map(|node| stored.node(*node)).collect();
            plan.finish(hashes).unwrap()
        };
        let root = finish(root_plan(size).unwrap())[0];
        let proof = finish(inclusion_plan(index as u64, size).unwrap());
        prop_assert_eq!(verify_inclusion(index as u64, size, &leaves[index], &proof, &root), Ok(()));
        for tile in tiles_of_size(size).unwrap() {
            let content = tile.encode_content(&stored.get(tile.hashes())).unwrap();
            prop_assert_eq!(tile.parse_content(&content).unwrap(), stored.get(tile.hashes()));
            prop_assert_eq!(TileId::in_tree(tile.level(), tile.index(), size), Some(tile));
        }
    }

    #[test]
    fn every_possible_path_survives(level in 0..=6_u8, index: u64, shift in 0..64_u32, width in 0..258_u16) {
        let index = index >> shift;
        if let Ok(tile) = TileId::new(level, index, width) {
            prop_assert_eq!(tile.to_string().parse(), Ok(tile));
        }
        if let Ok(bundle) = BundleId::new(index, width) {
            prop_assert_eq!(bundle.to_string().parse(), Ok(bundle));
        }
    }

    #[test]
    fn whatever_is_accepted_is_canonical(
        path in "tile/([0-9]{1,2}|entries)/(x[0-9]{3}/){0,5}[0-9]{3}(\\.p/[0-9]{1,3})?",
    ) {
        if let Ok(tile) = path.parse::<TileId>() {
            prop_assert_eq!(tile.to_string(), path.clone());
        }
        if let Ok(bundle) = path.parse::<BundleId>() {
            prop_assert_eq!(bundle.to_string(), path);
        }
    }

    #[test]
    fn bundles_survive_and_reading_never_panics(
        entries in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..9), 1..9),
        noise in proptest::collection::vec(any::<u8>(), 0..99),
    ) {
        let bundle = BundleId::new(0, entries.len() as u16).unwrap();
        let bytes = bundle.encode_content(&entries).unwrap();
        prop_assert_eq!(bundle.parse_content(&bytes).unwrap(), entries);
        if let Ok(entries) = bundle.parse_content(&noise) {
            prop_assert_eq!(bundle.encode_content(&entries).unwrap(), noise.clone());
        }
        let _ = String::from_utf8_lossy(&noise).parse::<TileId>();
    }
}
