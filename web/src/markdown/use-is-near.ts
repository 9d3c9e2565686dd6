import { type RefObject, useEffect, useState } from "react";

const callbacks = new Map<Element, () => void>();
let observer: IntersectionObserver | null = null;

const createObserver = (): IntersectionObserver =>
  new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) callbacks.get(target)?.();
    },
    { rootMargin: "400px" },
  );

/** Whether the element has come near to what is in sight; it stays true. */
export const useIsNear = (ref: RefObject<Element | null>): boolean => {
  const [isNear, setIsNear] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (isNear || element === null) return;
    observer ??= createObserver();
    const watching = observer;
    callbacks.set(element, () => setIsNear(true));
    watching.observe(element);
    return () => {
      watching.unobserve(element);
      callbacks.delete(element);
    };
  }, [ref, isNear]);
  return isNear;
};
