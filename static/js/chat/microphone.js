// Speaking instead of writing: recorded here, turned into text by the hospital's own
// service, and put into the field to be checked. Only what is sent counts.
import { find, note, words } from "./pieces.js";
import { ask } from "./rest.js";

const LONGEST_MS = 120_000;
const PATIENCE_MS = 60_000;
let recorder = null;

export async function speak(button, then) {
  if (recorder) return recorder.stop();
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    return note(words.noMicrophone);
  }
  const parts = [];
  recorder = new MediaRecorder(stream);
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.onstop = async () => {
    const type = recorder.mimeType.split(";")[0];
    recorder = null;
    button.setAttribute("aria-pressed", "false");
    for (const track of stream.getTracks()) track.stop();
    then(await heard(new Blob(parts, { type })));
  };
  recorder.start();
  button.setAttribute("aria-pressed", "true");
  note(words.listening);
  setTimeout(() => recorder?.stop(), LONGEST_MS);
}

async function heard(audio) {
  note(words.hearing);
  const form = new FormData();
  form.set("audio", audio, `speech.${audio.type.split("/")[1] || "webm"}`);
  const answer = await ask("POST", find("composer").dataset.speech, form, { patience: PATIENCE_MS }).catch((error) => ({ said: error.message }));
  note(answer.text ? words.heard : answer.said || words.unheard);
  return answer.text || "";
}
