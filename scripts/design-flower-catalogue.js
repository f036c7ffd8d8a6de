/**
 * Wrote ts/data/flowers/species-table.json, once: the catalogue is frozen with its version. Why there is a second one:
 * docs/decisions.md. Kept to show where the species came from:
 * node scripts/design-flower-catalogue.js > ts/data/flowers/species-table.json (then biome).
 */
const COLORS = ['red', 'orange', 'yellow', 'white', 'pink', 'purple', 'blue', 'brown'];
const SPECIES = 102;
const IMAGES = 8189;

let state = 20160518;
function random() {
  // mulberry32: small, fixed, and used nowhere else
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const pick = (list) => list[Math.floor(random() * list.length)];
function shuffle(list) {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [copy[i], copy[j]] = [copy[j], copy[i]];
  }
  return copy;
}

const COUNTS = { training: 62, validation: 20, test: 20 };
const GRADIENTS = { training: 12, validation: 3, test: 3 };
// what a petal of each shape looks well with
const FORMS = {
  round: { counts: [4, 5, 6, 8], edges: ['smooth', 'wavy'] },
  oval: { counts: [5, 6, 8, 12], edges: ['smooth', 'wavy', 'fringed'] },
  pointed: { counts: [5, 6, 8, 12], edges: ['smooth', 'wavy'] },
  narrow: { counts: [12, 20], edges: ['smooth', 'fringed'] },
  notched: { counts: [4, 5, 6, 8], edges: ['smooth', 'wavy'] },
  broad: { counts: [4, 5, 6, 8], edges: ['smooth', 'wavy', 'fringed'] },
};

const PAIRS = COLORS.flatMap((petal) => COLORS.filter((c) => c !== petal).map((center) => [petal, center]));

/** `count` different pairs of colors, each color as often a petal, and as often a center, as any other, or once more. */
function evenPairs(count) {
  const least = Math.floor(count / COLORS.length);
  for (;;) {
    const pairs = shuffle(PAIRS).slice(0, count);
    const uses = [0, 1].flatMap((place) =>
      COLORS.map((c) => pairs.filter((pair) => pair[place] === c).length),
    );
    if (uses.every((use) => use === least || use === least + 1)) return pairs;
  }
}

/**
 * Petals and centers are independent of each other. Training has every pair of two colors, some of them twice; of the
 * pairs of validation and test each has two species, so that nobody tells these apart by color.
 */
function pairsOf(split) {
  if (split === 'training') return [...shuffle(PAIRS), ...evenPairs(COUNTS.training - PAIRS.length)];
  const pairs = evenPairs(COUNTS[split] / 2);
  return [...pairs, ...pairs];
}

function differences(a, b) {
  return a.filter((value, i) => value !== b[i]).length;
}

/** What a glance takes in of a flower. */
const large = ([petal, , count, shape, , , center]) => [petal, count, shape, center];

const species = [];
for (const split of ['training', 'validation', 'test']) {
  const tips = shuffle(COLORS).concat(shuffle(COLORS));
  const pairs = pairsOf(split);
  pairs.forEach(([petal, center], index) => {
    for (;;) {
      const shape = pick(Object.keys(FORMS));
      const tipIndex = index < GRADIENTS[split] ? tips.findIndex((c) => c !== petal && c !== center) : -1;
      const tip = tipIndex < 0 ? null : tips[tipIndex];
      const layers = pick([1, 1, 2, 2, 3]);
      const traits = [
        ...[petal, tip, pick(FORMS[shape].counts), shape, pick(FORMS[shape].edges), layers],
        ...[center, pick(['small', 'medium', 'large']), pick(['none', 'short', 'long'])],
      ];
      if (species.some((other) => differences(other.traits, traits) < 2)) continue;
      // an unseen species is a new combination of what is large in a picture: both colors, number and shape of petals
      if (
        split !== 'training' &&
        species.some((other) => differences(large(other.traits), large(traits)) === 0)
      )
        continue;
      if (tipIndex >= 0) tips.splice(tipIndex, 1);
      species.push({ split, traits });
      break;
    }
  });
}

// sizes from 40 to 258 along an exponential whose steepness makes them sum to 8,189
const sizesFor = (k) =>
  Array.from({ length: SPECIES }, (_, i) => {
    return Math.round(40 + (218 * Math.expm1((k * i) / (SPECIES - 1))) / Math.expm1(k));
  });
const total = (list) => list.reduce((a, b) => a + b, 0);
let [low, high] = [0.1, 20];
for (let i = 0; i < 60; i++) {
  const middle = (low + high) / 2;
  if (total(sizesFor(middle)) > IMAGES) low = middle;
  else high = middle;
}
const sizes = sizesFor(high);
for (let i = SPECIES - 2; total(sizes) < IMAGES; i--) sizes[i]++;
for (let i = SPECIES - 2; total(sizes) > IMAGES; i--) sizes[i]--;

// of many orders of the sizes, the one in which the training images show every color about equally often
function unevenness(order) {
  const petals = Object.fromEntries(COLORS.map((c) => [c, 0]));
  const centers = { ...petals };
  species.forEach(({ split, traits }, i) => {
    if (split !== 'training') return;
    petals[traits[0]] += order[i];
    centers[traits[6]] += order[i];
  });
  const counts = [...Object.values(petals), ...Object.values(centers)];
  return Math.max(...counts) / Math.min(...counts);
}
let shuffledSizes = shuffle(sizes);
for (let i = 0; i < 20000; i++) {
  const order = shuffle(sizes);
  if (unevenness(order) < unevenness(shuffledSizes)) shuffledSizes = order;
}

const FIRST =
  'amber aster birch brook cloud copse dawn dew dusk elder ember fern frost glade heath lark linden maple'
    .split(' ')
    .concat('marsh mead mist moon moor moss north oak quill rain reed river rook sedge'.split(' '))
    .concat('silver south star summer thorn thrush tide vale wren'.split(' '));
const LAST = 'bell bonnet cup crown glory kiss lace mallow slipper spark veil wort whirl wand'.split(' ');
const names = new Set();
while (names.size < SPECIES) names.add(`${pick(FIRST)}${pick(LAST)}`);
const rows = shuffle(species.map((one, i) => ({ ...one, images: shuffledSizes[i] })));
const nameList = [...names].sort();
const document = {
  catalogueVersion: 2,
  columns: [
    ...[
      'name',
      'split',
      'images',
      'petalColor',
      'tipColor',
      'petalCount',
      'petalShape',
      'petalEdge',
      'layers',
    ],
    ...['centerColor', 'centerSize', 'stamens'],
  ],
  species: rows.map(({ split, images, traits }, i) => [nameList[i], split, images, ...traits]),
};
process.stdout.write(`${JSON.stringify(document)}\n`);
