/** Whether a statement failed because a row with that key is there already (SQLSTATE 23505 of this constraint). */
export const isUniqueViolation = (thrown: unknown, constraint: string): boolean =>
  thrown instanceof Error &&
  "code" in thrown &&
  thrown.code === "23505" &&
  (("constraint_name" in thrown && thrown.constraint_name === constraint) ||
    ("constraint" in thrown && thrown.constraint === constraint) ||
    thrown.message.includes(`"${constraint}"`));
