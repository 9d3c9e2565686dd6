/** Lets one piece of work at a time through under each name, in the order of asking. */
export const createNamedGates = (): (<Result>(name: string, work: () => Promise<Result>) => Promise<Result>) => {
  const last = new Map<string, Promise<void>>();
  return (name, work) => {
    const turn = (last.get(name) ?? Promise.resolve()).then(work);
    const passed = turn.then(
      () => {},
      () => {},
    );
    last.set(name, passed);
    void passed.then(() => last.get(name) === passed && last.delete(name));
    return turn;
  };
};
