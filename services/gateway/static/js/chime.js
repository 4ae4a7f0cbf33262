// The sound of a new lead: two soft notes made on the spot, so that no file has to be fetched when it matters.

const NOTES = [[659.25, 0], [880, 0.13]]; // E5, A5: hertz, start in seconds
const LENGTH_S = 0.42;
const LOUDNESS = 0.16;

let context = null;

/** Browsers allow sound only after a gesture: take the first one. */
export function allowSound() {
  const wake = () => { audio()?.resume(); };
  document.addEventListener("pointerdown", wake, { once: true });
  document.addEventListener("keydown", wake, { once: true });
}

/** Play it once; nothing happens where the browser does not let us. */
export function chime() {
  const player = audio();
  if (!player || player.state !== "running") return;
  for (const [hertz, after] of NOTES) note(player, hertz, player.currentTime + after);
}

function audio() {
  if (!context && "AudioContext" in window) context = new AudioContext();
  return context;
}

function note(player, hertz, start) {
  const tone = new OscillatorNode(player, { type: "sine", frequency: hertz });
  const loudness = new GainNode(player, { gain: 0 });
  loudness.gain.setValueAtTime(0, start);
  loudness.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02);
  loudness.gain.exponentialRampToValueAtTime(0.0001, start + LENGTH_S);
  tone.connect(loudness).connect(player.destination);
  tone.start(start);
  tone.stop(start + LENGTH_S);
}
