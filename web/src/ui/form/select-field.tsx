import { useId } from "react";

export interface SelectFieldProps<Value extends string> {
  readonly label: string;
  readonly isLabelHidden?: boolean;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly disabled?: boolean;
  readonly onChange: (value: Value) => void;
}

/** One of some things, in the browser's own list. */
export const SelectField = <Value extends string>(props: SelectFieldProps<Value>) => {
  const { label, isLabelHidden = false, value, options, disabled = false, onChange } = props;
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className={isLabelHidden ? "sr-only" : "mb-1 block text-13 font-[550]"}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        disabled={disabled}
        onChange={({ target }) => {
          const option = options.find((candidate) => candidate.value === target.value);
          if (option !== undefined) onChange(option.value);
        }}
        className="h-[34px] w-full rounded-small border border-edge bg-surface px-2 text-text disabled:border-line disabled:text-text-3 max-wide:h-10"
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
};
