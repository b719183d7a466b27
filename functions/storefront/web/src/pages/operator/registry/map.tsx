/** Drop-offs where they are, without anybody's tiles: their coordinates, north up, with a scale. */
import type { Dropoff } from "../../../api/types";
import { count } from "../../../words/formats";
import { officeRegistryWords } from "../../../words/office-registry";
import "./map.css";
import { pictureOf } from "./projection";

const WIDTH = 1_000;

export function DropoffMap({ dropoffs }: { dropoffs: readonly Dropoff[] }) {
  const words = officeRegistryWords().dropoffs;
  const picture = pictureOf(dropoffs);
  const height = picture.height * WIDTH;
  const { metres, width } = picture.scale;
  return (
    <figure class="map stack tight">
      <figcaption>{words.map}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={words.mapSaid(count(dropoffs.length))}>
        {dropoffs.map((dropoff, place) => {
          const { x, y } = picture.at(dropoff);
          return (
            <g key={dropoff.id} transform={`translate(${x * WIDTH} ${y * WIDTH})`}>
              <title>{dropoff.name}</title>
              <circle r="28" />
              <text dy="0.35em">{place + 1}</text>
            </g>
          );
        })}
        <path class="scale" d={`M30 ${height - 30}v12h${width * WIDTH}v-12`} />
        <text class="length" x={30 + width * WIDTH + 14} y={height - 18}>
          {metres < 1_000 ? `${count(metres)} m` : `${count(metres / 1_000)} km`}
        </text>
      </svg>
    </figure>
  );
}
