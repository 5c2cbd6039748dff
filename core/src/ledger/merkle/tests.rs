//! Holds the tree against RFC 6962 read literally: recursion over slices of leaf hashes.

use proptest::prelude::*;

use super::*;

const SIZE_MAX: u64 = 600;

fn leaves(size: u64) -> Vec<Hash> {
    (0..size).map(|index| leaf_hash(&index.to_be_bytes())).collect()
}

/// MTH of RFC 6962, section 2.1.
fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = naive_split(leaves);
            node_hash(&naive_root(left), &naive_root(right))
        }
    }
}

/// PATH of RFC 6962, section 2.1.1.
fn naive_path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return vec![];
    }
    let (left, right) = naive_split(leaves);
    let (mut path, sibling) = match index.checked_sub(left.len()) {
        None => (naive_path(index, left), right),
        Some(index) => (naive_path(index, right), left),
    };
    path.push(naive_root(sibling));
    path
}

/// SUBPROOF of RFC 6962, section 2.1.2.
fn naive_subproof(from: usize, leaves: &[Hash], known: bool) -> Vec<Hash> {
    if from == leaves.len() {
        return if known { vec![] } else { vec![naive_root(leaves)] };
    }
    let (left, right) = naive_split(leaves);
    let (mut proof, sibling) = match from.checked_sub(left.len()) {
        None | Some(0) => (naive_subproof(from, left, known), right),
        Some(from) => (naive_subproof(from, right, false), left),
    };
    proof.push(naive_root(sibling));
    proof
}

fn naive_split(leaves: &[Hash]) -> (&[Hash], &[Hash]) {
    let mut middle = 1;
    while middle * 2 < leaves.len() {
        middle *= 2;
    }
    leaves.split_at(middle)
}

/// Finishes a plan with hashes computed from the leaves.
fn finish(plan: ProofPlan, leaves: &[Hash]) -> Vec<Hash> {
    let range = |node: &NodeId| (node.index() << node.level()) as usize..((node.index() + 1) << node.level()) as usize;
    let hashes = plan.nodes().iter().map(|node| naive_root(&leaves[range(node)])).collect();
    plan.finish(hashes).unwrap()
}

fn check_inclusion(index: u64, leaves: &[Hash]) {
    let size = leaves.len() as u64;
    let (leaf, root) = (leaves[index as usize], naive_root(leaves));
    let proof = finish(inclusion_plan(index, size).unwrap(), leaves);
    assert_eq!(proof, naive_path(index as usize, leaves), "{index} of {size}");
    assert_eq!(verify_inclusion(index, size, &leaf, &proof, &root), Ok(()), "{index} of {size}");

    let refused = |index, leaf: &Hash, proof: &[Hash]| verify_inclusion(index, size, leaf, proof, &root).is_err();
    assert!(refused(index, &root.flipped(), &proof));
    assert!(refused(index ^ 1, &leaf, &proof) || size == 1);
    for damaged in damages(&proof) {
        assert!(refused(index, &leaf, &damaged), "{index} of {size}");
    }
}

fn check_consistency(from: u64, leaves: &[Hash]) {
    let to = leaves.len() as u64;
    let (from_root, to_root) = (naive_root(&leaves[..from as usize]), naive_root(leaves));
    let proof = finish(consistency_plan(from, to).unwrap(), leaves);
    let naive = if from == 0 { vec![] } else { naive_subproof(from as usize, leaves, true) };
    assert_eq!(proof, naive, "{from} to {to}");
    assert_eq!(verify_consistency(from, to, &proof, &from_root, &to_root), Ok(()), "{from} to {to}");

    let refused = |proof: &[Hash], a: &Hash, b: &Hash| verify_consistency(from, to, proof, a, b).is_err();
    assert!(refused(&proof, &from_root.flipped(), &to_root), "{from} to {to}");
    assert!(refused(&proof, &from_root, &to_root.flipped()) || from == 0, "{from} to {to}");
    for damaged in damages(&proof) {
        assert!(refused(&damaged, &from_root, &to_root), "{from} to {to}");
    }
}

/// A proof with one hash changed, one more, one less.
fn damages(proof: &[Hash]) -> Vec<Vec<Hash>> {
    let mut damaged = vec![[proof, &[empty_root()]].concat(), [&[empty_root()], proof].concat()];
    for at in 0..proof.len() {
        let mut changed = proof.to_vec();
        changed[at] = changed[at].flipped();
        let mut shorter = proof.to_vec();
        shorter.remove(at);
        damaged.extend([changed, shorter]);
    }
    damaged
}

impl Hash {
    fn flipped(mut self) -> Self {
        self.0[31] ^= 1;
        self
    }
}

#[test]
fn proofs_of_small_trees_are_those_of_rfc_6962() {
    for size in 0..=33 {
        let leaves = leaves(size);
        (0..size).for_each(|index| check_inclusion(index, &leaves));
        (0..=size).for_each(|from| check_consistency(from, &leaves));
    }
}

#[test]
fn the_frontier_has_the_root_of_every_tree_it_grows_through() {
    let leaves = leaves(SIZE_MAX);
    let mut frontier = Frontier::new();
    for size in 0..leaves.len() {
        assert_eq!(frontier.root(), naive_root(&leaves[..size]), "{size}");
        assert_eq!(finish(root_plan(size as u64).unwrap(), &leaves), [frontier.root()], "{size}");
        assert_eq!(Frontier::decode(frontier.size(), &frontier.encode()), Ok(frontier.clone()));
        frontier.push(leaves[size]).unwrap();
        assert_eq!(frontier.size(), size as u64 + 1);
    }
}

#[test]
fn the_example_of_the_module_holds() {
    let leaves = leaves(5);
    let mut frontier = Frontier::new();
    leaves.iter().for_each(|leaf| frontier.push(*leaf).unwrap());
    assert_eq!(frontier.hashes(), [naive_root(&leaves[..4]), leaves[4]]);
    let nodes = |plan: ProofPlan| plan.nodes().iter().map(|node| (node.level(), node.index())).collect::<Vec<_>>();
    assert_eq!(nodes(inclusion_plan(0, 5).unwrap()), [(0, 1), (1, 1), (0, 4)]);
    assert_eq!(nodes(consistency_plan(3, 5).unwrap()), [(0, 2), (0, 3), (1, 0), (0, 4)]);
    assert_eq!(nodes(inclusion_plan(0, 7).unwrap()), [(0, 1), (1, 1), (1, 2), (0, 6)], "two nodes, one hash");
    assert_eq!(nodes(root_plan(0).unwrap()), []);
}

#[test]
fn a_tree_has_at_most_two_to_the_53_less_one_leaves() {
    let too_large = Err(MerkleError::SizeTooLarge { size: TREE_SIZE_MAX + 1 });
    let hash = empty_root();
    let mut frontier = Frontier::from_parts(TREE_SIZE_MAX - 1, vec![hash; 52]).unwrap();
    assert_eq!(frontier.push(hash), Ok(()));
    let full = frontier.clone();
    assert_eq!(frontier.push(hash), too_large);
    assert_eq!(frontier, full);
    assert_eq!(Frontier::from_parts(TREE_SIZE_MAX + 1, vec![hash]).map(|_| ()), too_large);

    for size in [TREE_SIZE_MAX, u64::MAX] {
        let allowed = size <= TREE_SIZE_MAX;
        assert_eq!(root_plan(size).is_ok(), allowed);
        assert_eq!(inclusion_plan(size - 1, size).is_ok(), allowed);
        assert_eq!(consistency_plan(size - 1, size).is_ok(), allowed);
        assert_eq!(verify_consistency(size, size, &[], &hash, &hash).is_ok(), allowed);
    }
    let beyond = MerkleError::SizeTooLarge { size: u64::MAX };
    assert_eq!(verify_inclusion(0, u64::MAX, &hash, &[], &hash), Err(beyond));
    assert_eq!(inclusion_plan(0, TREE_SIZE_MAX).unwrap().finish(vec![hash; 104]).map(|proof| proof.len()), Ok(53));
}

#[test]
fn a_node_lies_in_a_possible_tree() {
    let check = |level, index, allowed| assert_eq!(NodeId::new(level, index).is_ok(), allowed, "{level} {index}");
    check(0, TREE_SIZE_MAX - 1, true);
    check(0, TREE_SIZE_MAX, false);
    check(0, u64::MAX, false);
    check(52, 0, true);
    check(52, 1, false);
    check(53, 0, false);
    check(64, 0, false);
    check(255, u64::MAX, false);
}

#[test]
fn sizes_and_counts_must_fit_together() {
    let hash = empty_root();
    assert_eq!(Frontier::from_parts(5, vec![hash]), Err(MerkleError::HashCount { expected: 2, found: 1 }));
    assert_eq!(Frontier::from_parts(4, vec![hash; 2]), Err(MerkleError::HashCount { expected: 1, found: 2 }));
    assert_eq!(Frontier::decode(1, &[0; 31]), Err(MerkleError::HashLength { found: 31 }));
    assert_eq!(Frontier::decode(0, &[]), Ok(Frontier::new()));
    assert_eq!(inclusion_plan(5, 5), Err(MerkleError::IndexOutside { index: 5, size: 5 }));
    assert_eq!(inclusion_plan(0, 0), Err(MerkleError::IndexOutside { index: 0, size: 0 }));
    assert_eq!(verify_inclusion(0, 0, &hash, &[], &hash), Err(MerkleError::IndexOutside { index: 0, size: 0 }));
    assert_eq!(consistency_plan(2, 1), Err(MerkleError::Shrinks { from: 2, to: 1 }));
    assert_eq!(verify_consistency(2, 1, &[], &hash, &hash), Err(MerkleError::Shrinks { from: 2, to: 1 }));
    let plan = inclusion_plan(0, 2).unwrap();
    assert_eq!(plan.clone().finish(vec![]), Err(MerkleError::HashCount { expected: 1, found: 0 }));
    assert_eq!(plan.finish(vec![hash; 2]), Err(MerkleError::HashCount { expected: 1, found: 2 }));
}

#[test]
fn from_the_empty_tree_the_proof_is_empty_and_the_root_known() {
    let (empty, other) = (empty_root(), leaf_hash(b"x"));
    let check = |to, proof: &[Hash], from_root, to_root, expected| {
        assert_eq!(verify_consistency(0, to, proof, &from_root, &to_root).is_ok(), expected);
    };
    check(0, &[], empty, empty, true);
    check(0, &[], empty, other, false);
    check(0, &[], other, other, false);
    check(0, &[other], empty, empty, false);
    check(1, &[], empty, other, true);
    check(1, &[], other, other, false);
    check(1, &[other], empty, other, false);
}

#[test]
fn a_hash_has_one_spelling_in_hex_and_one_in_base64() {
    let hash = empty_root();
    let (hex, base64) = (hash.to_string(), hash.to_base64());
    assert_eq!(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_eq!(base64, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    assert_eq!((hex.parse(), Hash::from_base64(&base64)), (Ok(hash), Ok(hash)));
    assert_eq!(serde_json::to_string(&hash).unwrap(), format!("\"{hex}\""));
    assert_eq!(serde_json::from_str::<Hash>(&format!("\"{hex}\"")).unwrap(), hash);
    for text in ["", &hex.to_uppercase(), &hex[1..], &format!("{hex}00")] {
        assert_eq!(text.parse::<Hash>(), Err(MerkleError::HashText), "{text}");
    }
    for text in ["", &base64[..43], &base64.replace("FU=", "FV="), &format!("{base64}\n"), "AAAA"] {
        assert_eq!(Hash::from_base64(text), Err(MerkleError::HashText), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn inclusion_proofs_are_those_of_rfc_6962(size in 1..=SIZE_MAX, index: prop::sample::Index) {
        check_inclusion(index.index(size as usize) as u64, &leaves(size));
    }

    #[test]
    fn consistency_proofs_are_those_of_rfc_6962(to in 0..=SIZE_MAX, from: prop::sample::Index) {
        check_consistency(from.index(to as usize + 1) as u64, &leaves(to));
    }

    #[test]
    fn verification_never_panics(a: u64, b: u64, shift in 0..64_u32, count in 0..130_usize) {
        let (a, b, hash) = (a >> shift, b >> shift, empty_root());
        let proof = vec![hash; count];
        prop_assert!(verify_inclusion(a, b, &hash, &proof, &hash).is_err() || (a, b) == (0, 1));
        let _ = verify_consistency(a, b, &proof, &hash, &hash);
        let _ = (inclusion_plan(a, b), consistency_plan(a, b), root_plan(a), NodeId::new(shift as u8, b));
    }
}
