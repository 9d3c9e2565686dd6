/** Why something was refused; there also while there is nothing to say, so that it is heard. */
export const Refusal = ({ error }: { readonly error: string | null }) => (
  <p role="alert" className="mt-2 text-13 text-pretty text-danger empty:hidden">
    {error}
  </p>
);
