/** What things are called whose ids stand in other things. */
import { everything, useReading } from "./reading";

type Register = "/v1/dropoffs" | "/v1/cooperatives" | "/v1/institutions";
interface Named {
  id: string;
  name: string;
}

export function useRegister(path: Register) {
  return useReading(`${path}#all`, () => everything(path, {}) as Promise<Named[]>);
}

/** Return a name for an id; the id itself until, or where, the name is not known. */
export function useNames(path: Register): (id: string) => string {
  const { value } = useRegister(path);
  const names = new Map(value?.map((thing) => [thing.id, thing.name]));
  return (id) => names.get(id) ?? id;
}
