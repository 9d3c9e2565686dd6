import { useId, type ComponentProps } from "react";

interface FieldFrameProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
}

export interface FieldProps extends FieldFrameProps, Omit<ComponentProps<"input">, "className"> {}

export interface TextAreaProps extends FieldFrameProps, Omit<ComponentProps<"textarea">, "className"> {
  readonly isCode?: boolean;
}

const box =
  "block w-full min-w-0 rounded-small border border-edge bg-surface px-2.5 py-1.5 text-text outline-none focus-visible:border-accent aria-invalid:border-danger max-wide:text-16";

const useDescription = ({ hint, error }: FieldFrameProps) => {
  const id = useId();
  const note = error ?? hint;
  const describedBy = note === undefined ? undefined : `${id}-note`;
  return {
    id,
    described: { id, "aria-describedby": describedBy, "aria-invalid": error === undefined ? undefined : true },
    note: note !== undefined && (
      <span id={describedBy} className={`mt-1 block text-12 ${error === undefined ? "text-text-3" : "text-danger"}`}>
        {note}
      </span>
    ),
  };
};

const Label = ({ htmlFor, label }: { readonly htmlFor: string; readonly label: string }) => (
  <label htmlFor={htmlFor} className="mb-1 block text-13 font-[550]">
    {label}
  </label>
);

/** One line to fill in, with its name above and what is wrong below. */
export const Field = ({ label, hint, error, ...rest }: FieldProps) => {
  const { id, described, note } = useDescription({ label, hint, error });
  return (
    <div className="min-w-0">
      <Label htmlFor={id} label={label} />
      <input {...described} {...rest} className={`${box} h-[34px] tabular-nums`} />
      {note}
    </div>
  );
};

/** Several lines to fill in. */
export const TextArea = ({ label, hint, error, isCode = false, ...rest }: TextAreaProps) => {
  const { id, described, note } = useDescription({ label, hint, error });
  return (
    <div className="min-w-0">
      <Label htmlFor={id} label={label} />
      <textarea
        dir={isCode ? "ltr" : "auto"}
        {...described}
        {...rest}
        className={`${box} resize-y ${isCode ? "font-mono text-12" : ""}`}
      />
      {note}
    </div>
  );
};
