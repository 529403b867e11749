// One thing after the other: polls, signing in and signing out take turns. So no poll starts before
// the last one ended, and none is under way with a token that is being revoked.

let last = Promise.resolve();

// Run work when all that was handed in before has ended; return what it returns.
export function inTurn(work) {
  const result = last.then(work);
  last = result.catch(() => {});
  return result;
}
