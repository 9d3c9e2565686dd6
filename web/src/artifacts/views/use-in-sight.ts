import { type RefObject, useEffect, useState } from "react";

const callbacks = new Map<Element, (isInSight: boolean) => void>();
let observer: IntersectionObserver | null = null;

const createObserver = (): IntersectionObserver =>
  new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) callbacks.get(target)?.(isIntersecting);
    },
    { rootMargin: "600px", scrollMargin: "600px" },
  );

/** Whether the element is in sight, or near to it. */
export const useInSight = (ref: RefObject<Element | null>): boolean => {
  const [isInSight, setIsInSight] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    observer ??= createObserver();
    const watching = observer;
    callbacks.set(element, setIsInSight);
    watching.observe(element);
    return () => {
      watching.unobserve(element);
      callbacks.delete(element);
    };
  }, [ref]);
  return isInSight;
};
