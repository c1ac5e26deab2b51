/** Asks once, and keeps the answer. */
export function once<A extends unknown[], T>(ask: (...args: A) => Promise<T>): (...args: A) => Promise<T> {
  let answer: Promise<T> | undefined;
  return (...args) => {
    answer ??= ask(...args);
    return answer;
  };
}
