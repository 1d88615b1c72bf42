// The picture of a menu, drawn by React Flow: the only place where React is. It shows the boxes that it is given and
// turns what the mouse and the keys do into acts; it holds nothing but where the eye is.
import { useEffect, useRef, useState } from "react";
import { createRoot } from "react-dom/client";
import { Background, Controls, MiniMap, ReactFlow, ReactFlowProvider, applyEdgeChanges, applyNodeChanges, useNodesInitialized, useReactFlow } from "@xyflow/react";
import { Box } from "./graph_box.jsx";
import { BOX_WIDTH } from "./picture.js";

const KINDS_OF_BOX = { box: Box };
const WORDS = {
  "node.a11yDescription.default": "Enter opens this node on the right.",
  "node.a11yDescription.keyboardDisabled": "Enter opens this node on the right; arrow keys move it; Delete takes it away. Everything can be done in the list as well.",
  "edge.a11yDescription.default": "Delete takes this connection away.",
};
const LEAST_ZOOM = 0.2;
const READABLE = 0.75;
const MANY = 120;
const MAP_SIZE = { width: 140, height: 88 };

/**
 * Mount the picture into an element.
 * @returns {(model: object) => void}  Shows a model: {boxes, lines, selected, jump, canEdit, fit}.
 */
export function mountPicture(element, acts) {
  const root = createRoot(element);
  return (model) => root.render(<ReactFlowProvider><Picture model={model} acts={acts} /></ReactFlowProvider>);
}

function Picture({ model, acts }) {
  const [nodes, setNodes] = useState([]);
  const [edges, setEdges] = useState([]);
  const chosen = useRef(null);
  const flow = useReactFlow();
  useEffect(() => {
    const isChosen = chosen.current !== model.selected;
    chosen.current = model.selected;
    setNodes((before) => shownNodes(model, before, isChosen));
  }, [model]);
  useEffect(() => setEdges((before) => shownEdges(model, before)), [model]);
  useEffect(() => { if (model.jump) lookAt(flow, model.selected); }, [model.jump]);
  useEffect(() => { if (model.here) follow(flow, model.here); }, [model.here]);
  const isMeasured = useNodesInitialized();
  useEffect(() => { if (isMeasured) lookAtStart(flow, model); }, [model.fit, isMeasured]);
  return (
    <ReactFlow
      nodes={nodes} edges={edges} nodeTypes={KINDS_OF_BOX} ariaLabelConfig={WORDS}
      onNodesChange={(changes) => moved(changes, setNodes, acts)} onEdgesChange={(changes) => setEdges((now) => applyEdgeChanges(changes.filter(({ type }) => type !== "remove"), now))}
      onNodeClick={(_event, { id }) => acts.select(id)} onPaneClick={() => acts.select("")}
      onSelectionChange={({ nodes: selected }) => { if (selected.length === 1 && selected[0].id !== model.selected) acts.select(selected[0].id); }}
      onConnect={({ source, sourceHandle, target }) => acts.draw(source, sourceHandle, target)}
      onReconnect={({ source, sourceHandle }, { target }) => acts.draw(source, sourceHandle, target)}
      onConnectEnd={(event, state) => droppedInSpace(event, state, flow, acts)}
      onNodeDragStop={(_event, _node, dragged) => acts.place(Object.fromEntries(dragged.map(({ id, position: { x, y } }) => [id, [x, y]])))}
      onDelete={({ nodes: gone, edges: cut }) => acts.removeDrawn(gone.map(({ id }) => id), cut.map(({ source, sourceHandle }) => [source, sourceHandle]))}
      nodesDraggable={model.canEdit} nodesConnectable={model.canEdit} deleteKeyCode={model.canEdit ? ["Delete", "Backspace"] : null}
      onlyRenderVisibleElements={model.boxes.length > MANY} minZoom={LEAST_ZOOM} maxZoom={1.5} proOptions={{ hideAttribution: true }} zoomOnDoubleClick={false}
    >
      <Background gap={24} size={1.5} />
      <Controls showInteractive={false} position="bottom-left" />
      {model.boxes.length > 8 && <MiniMap pannable zoomable position="bottom-right" style={MAP_SIZE} nodeClassName={({ data }) => (data.lit ? "map-lit" : data.errors ? "map-error" : "")} ariaLabel="The whole menu, small" />}
    </ReactFlow>
  );
}

/** The nodes for React Flow; one that has not changed stays the very same, so that it is not drawn again. */
function shownNodes({ boxes, selected }, before, isChosen) {
  const known = new Map(before.map((node) => [node.id, node]));
  return boxes.map((data) => {
    const old = known.get(data.id);
    const isSelected = isChosen || !old ? data.id === selected : old.selected;
    const same = old && JSON.stringify(old.data) === JSON.stringify(data);
    if (same && old.selected === isSelected && old.position.x === data.at[0] && old.position.y === data.at[1]) return old;
    const [x, y] = data.at;
    return { ...old, id: data.id, type: "box", position: { x, y }, width: BOX_WIDTH, initialHeight: data.height, data: same ? old.data : data, selected: isSelected, ariaLabel: `${data.title} ${data.id}: ${data.words}` };
  });
}

function shownEdges({ boxes, lines, selected: chosen }, before) {
  const left = new Map(boxes.map(({ id, at }) => [id, at[0]]));
  const selected = new Set(before.filter((edge) => edge.selected).map(({ id }) => id));
  return lines.map(({ id, from, exit, to, lit, isOneOfMany, callers }) => ({
    id, type: left.get(to) <= left.get(from) ? "smoothstep" : "default", // a line that leads back goes around its box
    source: from, sourceHandle: `exit-${exit}`, target: to, selected: selected.has(id), reconnectable: "target",
    className: lit ? "line-lit" : from === chosen || to === chosen ? "line-near" : isOneOfMany ? "line-pale" : "", label: callers ? callers.toLocaleString("en-US") : undefined, ariaLabel: `from ${from} to ${to}`,
  }));
}

/** Moves stay in the picture until they are over; those by arrow keys are over at once. */
function moved(changes, setNodes, acts) {
  setNodes((now) => applyNodeChanges(changes.filter(({ type }) => type !== "remove"), now));
  const byKeys = changes.filter(({ type, dragging, position }) => type === "position" && dragging === false && position);
  if (byKeys.length) acts.place(Object.fromEntries(byKeys.map(({ id, position: { x, y } }) => [id, [x, y]])));
}

function droppedInSpace(event, { isValid, toNode, fromNode, fromHandle }, flow, acts) {
  if (isValid || toNode || fromHandle?.type !== "source") return;
  const { clientX, clientY } = "changedTouches" in event ? event.changedTouches[0] : event;
  const { x, y } = flow.screenToFlowPosition({ x: clientX, y: clientY });
  acts.drawToNew(fromNode.id, fromHandle.id, [x, y]);
}

const calm = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200);

function lookAt(flow, id) {
  if (flow.getNode(id)) flow.fitView({ nodes: [{ id }], minZoom: READABLE, maxZoom: 1, duration: calm() });
}

/** Go with the call when it leaves what is seen; the size stays. */
function follow(flow, id) {
  const node = flow.getNode(id);
  if (!node) return;
  const { x, y, zoom } = flow.getViewport();
  const frame = document.querySelector(".react-flow").getBoundingClientRect();
  const [left, top] = [node.position.x * zoom + x, node.position.y * zoom + y];
  const isSeen = left >= 0 && top >= 0 && left + BOX_WIDTH * zoom <= frame.width && top + node.data.height * zoom <= frame.height;
  if (!isSeen) flow.setCenter(node.position.x + BOX_WIDTH / 2, node.position.y + node.data.height / 2, { zoom, duration: calm() });
}

/** The whole menu where it stays readable; else its beginning, at the left. */
async function lookAtStart(flow, { boxes }) {
  await flow.fitView({ padding: 0.06, maxZoom: 1 });
  const start = boxes.find(({ isStart }) => isStart) ?? boxes[0];
  if (flow.getZoom() >= READABLE || !start) return;
  const frame = document.querySelector(".react-flow").getBoundingClientRect();
  const middle = frame.height * 0.4 - (start.at[1] + start.height / 2) * READABLE;
  const top = 32 - Math.min(...boxes.map(({ at }) => at[1])) * READABLE; // nothing stands above it
  flow.setViewport({ x: 32 - start.at[0] * READABLE, y: Math.min(middle, top), zoom: READABLE });
}
