import { derangements } from '../../../../ts/evaluation/heads/derangement';

const groups = Array.from({ length: 50 }, (_, place) => place % 7);

test('every order holds each place once, and none at a place of its own group', () => {
  for (const order of derangements(groups, 30)) {
    expect([...order].sort((a, b) => a - b)).toEqual([...groups.keys()]);
    for (const [place, other] of order.entries()) expect(groups[other]).not.toBe(groups[place]);
  }
});

test('orders differ from each other, and are the same every time', () => {
  const orders = derangements(groups, 10);
  expect(new Set(orders.map((order) => order.join())).size).toBe(10);
  expect(derangements(groups, 10)).toEqual(orders);
  expect(derangements(groups, 3)).toEqual(orders.slice(0, 3));
});

test('few places of unlike groups are told apart, too', () => {
  for (const order of derangements([0, 0, 1, 2, 2], 50))
    expect(order.every((other, place) => [0, 0, 1, 2, 2][other] !== [0, 0, 1, 2, 2][place])).toBe(true);
  for (const order of derangements([4, 5, 6], 20)) expect(['1,2,0', '2,0,1']).toContain(order.join());
});
