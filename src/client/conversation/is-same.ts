const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const hasSameMembers = (
  left: object,
  right: object,
  isSameMember: (left: unknown, right: unknown) => boolean,
): boolean => {
  const members = Object.entries(left);
  return (
    Array.isArray(left) === Array.isArray(right) &&
    members.length === Object.keys(right).length &&
    members.every(([name, value]) => Object.hasOwn(right, name) && isSameMember(value, Reflect.get(right, name)))
  );
};

/** Whether two objects hold the very same members. */
export const holdsSame = (left: object, right: object): boolean =>
  left === right || hasSameMembers(left, right, Object.is);

/** Whether two JSON values say the same, whatever the order of their members. */
export const isSame = (left: unknown, right: unknown): boolean =>
  Object.is(left, right) || (isObject(left) && isObject(right) && hasSameMembers(left, right, isSame));

/** The list with each item that says the same as one before replaced by that one; the list before if all are. */
export const shareItems = <Item extends object>(
  next: readonly Item[],
  before: readonly Item[],
  find: (item: Item, index: number) => Item | undefined = (_item, index) => before[index],
): readonly Item[] => {
  const shared = next.map((item, index) => {
    const earlier = find(item, index);
    return earlier !== undefined && holdsSame(earlier, item) ? earlier : item;
  });
  return holdsSame(shared, before) ? before : shared;
};
