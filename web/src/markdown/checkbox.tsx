/** The box of a task in a list; it tells, but cannot be ticked here. */
export const Checkbox = ({ isChecked }: Readonly<{ isChecked: boolean }>) => (
  <input type="checkbox" checked={isChecked} disabled readOnly aria-label={isChecked ? "done" : "to do"} />
);
