// The saliency map over its key image: placed by the camera, faded by the slider.
export class Saliency {
  constructor(stage, slider, notice) {
    this.stage = stage;
    this.slider = slider;
    this.notice = notice;
    this.map = null; // {url, instance, frame}
    this.image = document.createElement("img");
    this.image.className = "viewer-saliency";
    this.image.alt = "";
    this.image.hidden = true;
    stage.append(this.image);
    slider?.addEventListener("input", () => this.fade());
  }

  choose(map) {
    this.map = map;
    if (map && this.image.dataset.url !== map.url) {
      this.image.dataset.url = map.url;
      this.image.src = map.url;
    }
    this.fade();
  }

  fade() {
    if (!this.slider) return;
    this.image.style.opacity = this.slider.value / 100;
    const output = this.slider.parentElement.querySelector("output");
    if (output) output.textContent = `${this.slider.value} %`;
  }

  toggle() {
    if (!this.slider) return;
    const last = this.slider.dataset.last || "60";
    if (Number(this.slider.value) > 0) {
      this.slider.dataset.last = this.slider.value;
      this.slider.value = 0;
    } else this.slider.value = last;
    this.fade();
  }

  // Put the map where the image's corners are now.
  place(frame, cornerToCanvas) {
    const isKey = Boolean(this.map && frame && this.map.instance === frame.instance && this.map.frame === frame.frame);
    this.image.hidden = !isKey;
    if (this.notice) this.notice.hidden = !this.map || isKey;
    if (!isKey) return;
    const [x0, y0] = cornerToCanvas([0, 0]);
    const [x1, y1] = cornerToCanvas([frame.columns, 0]);
    const [x2, y2] = cornerToCanvas([0, frame.rows]);
    const width = this.image.naturalWidth || frame.columns;
    const height = this.image.naturalHeight || frame.rows;
    const matrix = [(x1 - x0) / width, (y1 - y0) / width, (x2 - x0) / height, (y2 - y0) / height, x0, y0];
    this.image.style.transform = `matrix(${matrix.join()})`;
  }
}
