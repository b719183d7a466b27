/** The camera, until it sees a QR code: read by the browser where it can, by a small decoder where it cannot. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem } from "../../api/problem";
import { Loading, ProblemNote } from "../../parts/states";
import { deskWords } from "../../words/desk";

const LOOK_EVERY_MS = 150;
const WIDEST = 640; // more pixels take a cheap phone longer and find no more

type Read = (video: HTMLVideoElement) => Promise<string | undefined>;

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
declare const BarcodeDetector: { new (how: { formats: string[] }): Detector; getSupportedFormats(): Promise<string[]> };

export function Scanner({ onText }: { onText: (text: string) => void }) {
  const words = deskWords().handover;
  const video = useRef<HTMLVideoElement>(null);
  const [seeing, setSeeing] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  useEffect(() => {
    let over = false;
    let stream: MediaStream | undefined;
    async function watch() {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      if (over || !video.current) return stop(stream);
      video.current.srcObject = stream;
      await video.current.play();
      setSeeing(true);
      const read = await reader();
      while (!over) {
        const text = await read(video.current);
        if (text) return onText(text);
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
    }
    watch().catch(() => !over && setProblem(new Problem("no_camera", 0)));
    return () => {
      over = true;
      stop(stream);
    };
  }, []);
  return (
    <div class="scanner stack tight">
      {!seeing && !problem && <Loading rows={1} />}
      <video ref={video} muted playsInline hidden={!seeing} aria-label={words.camera} />
      {seeing && <p class="soft small">{words.hold}</p>}
      <ProblemNote problem={problem} />
    </div>
  );
}

function stop(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

async function reader(): Promise<Read> {
  if ("BarcodeDetector" in globalThis && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue;
  }
  const { default: decode } = await import("jsqr");
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true })!;
  return async (video) => {
    if (!video.videoWidth) return undefined;
    const scale = Math.min(1, WIDEST / video.videoWidth);
    canvas.width = video.videoWidth * scale;
    canvas.height = video.videoHeight * scale;
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = pen.getImageData(0, 0, canvas.width, canvas.height);
    return decode(data, width, height, { inversionAttempts: "dontInvert" })?.data;
  };
}
