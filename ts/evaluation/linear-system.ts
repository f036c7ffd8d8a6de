/** A square matrix or a right side, as rows. */
export type Matrix = Float64Array[];

export function zeros(rows: number, columns: number): Matrix {
  return Array.from({ length: rows }, () => new Float64Array(columns));
}

/** X of A X = B by elimination with pivots; A must be regular. Neither argument is changed. */
export function solve(a: Matrix, b: Matrix): Matrix {
  const left = a.map((row) => row.slice());
  const right = b.map((row) => row.slice());
  for (let column = 0; column < left.length; column++) {
    const pivot = pivotOf(left, column);
    swap(left, column, pivot);
    swap(right, column, pivot);
    for (let row = 0; row < left.length; row++) {
      if (row === column) continue;
      const factor = left[row]![column]! / left[column]![column]!;
      if (factor === 0) continue;
      subtract(left[row]!, left[column]!, factor, column); // what stands before the pivot is zero by now
      subtract(right[row]!, right[column]!, factor, 0);
    }
  }
  return right.map((row, i) => row.map((value) => value / left[i]![i]!));
}

function pivotOf(matrix: Matrix, column: number): number {
  let best = column;
  for (let row = column + 1; row < matrix.length; row++)
    if (Math.abs(matrix[row]![column]!) > Math.abs(matrix[best]![column]!)) best = row;
  return best;
}

function swap(matrix: Matrix, a: number, b: number): void {
  [matrix[a], matrix[b]] = [matrix[b]!, matrix[a]!];
}

function subtract(from: Float64Array, row: Float64Array, factor: number, first: number): void {
  for (let k = first; k < from.length; k++) from[k]! -= factor * row[k]!;
}
