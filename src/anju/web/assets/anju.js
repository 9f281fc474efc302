import htmx from "htmx.org";

window.htmx = htmx;

// Dropping a ledger onto the page puts it into the file field of the form.
const drop = (event) => event.target.closest?.("[data-drop]");
for (const kind of ["dragenter", "dragover"]) {
    document.addEventListener(kind, (event) => {
        const place = drop(event);
        if (place) {
            event.preventDefault();
            place.classList.add("over");
        }
    });
}
document.addEventListener("dragleave", (event) => {
    const place = drop(event);
    if (place && !place.contains(event.relatedTarget)) place.classList.remove("over");
});
document.addEventListener("drop", (event) => {
    const place = drop(event);
    if (!place) return;
    event.preventDefault();
    place.classList.remove("over");
    const field = place.querySelector("input[type=file]");
    if (event.dataTransfer.files.length) {
        field.files = event.dataTransfer.files;
        field.dispatchEvent(new Event("change", { bubbles: true }));
    }
});

// The name of the chosen file stands beside the button, and its way to the server is shown.
document.addEventListener("change", (event) => {
    const name = event.target.closest?.("[data-drop]")?.querySelector("[data-name]");
    if (name && event.target.files) name.textContent = event.target.files[0]?.name ?? "";
});
document.addEventListener("htmx:xhr:progress", (event) => {
    const bar = event.target.querySelector?.("progress[data-upload]");
    if (bar && event.detail.lengthComputable) {
        bar.hidden = false;
        bar.max = event.detail.total;
        bar.value = event.detail.loaded;
    }
});

// A row's reasons open below it; a second press closes them again.
const opened = (link) => link.dataset.opens && document.getElementById(link.dataset.opens);
document.addEventListener("htmx:beforeRequest", (event) => {
    const place = opened(event.detail.elt);
    if (place && !place.hidden) {
        event.preventDefault();
        place.hidden = true;
        event.detail.elt.setAttribute("aria-expanded", "false");
    }
});
document.addEventListener("htmx:afterSwap", (event) => {
    const link = event.detail.requestConfig?.elt;
    const place = link && opened(link);
    if (place) {
        place.hidden = false;
        link.setAttribute("aria-expanded", "true");
    }
});
