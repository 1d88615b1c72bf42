// One node in the picture: what it is, what it says first, and a row with a handle for every way out of it.
import { memo, useEffect, useRef } from "react";
import { Handle, Position, useUpdateNodeInternals } from "@xyflow/react";

export const Box = memo(function Box({ id, data, selected }) {
  const update = useUpdateNodeInternals();
  const { exits, canAdd } = data;
  const shape = `${exits.length} ${canAdd} ${data.usage !== null}`;
  const measured = useRef(shape);
  useEffect(() => {
    if (measured.current === shape) return; // every box asking at first would make many boxes slow
    measured.current = shape;
    update(id);
  }, [id, shape]);
  const tone = [data.lit && `box-${data.lit}`, selected && "box-selected", data.errors && "box-wrong", `box-of-${data.kind}`].filter(Boolean).join(" ");
  return (
    <div className={`box ${tone}`}>
      <Handle type="target" position={Position.Left} className="box-in" />
      <div className="box-head">
        {data.isStart && <span className="box-start">Start</span>}
        <span className="box-kind">{data.title}</span>
        <span className="box-id">{id}</span>
        <Badge {...data} />
      </div>
      <p className={data.isHeard ? "box-words" : "box-words quiet"} lang={data.isHeard ? "en" : undefined}>{data.words}</p>
      {exits.map((exit, index) => <Exit key={`${exit.path}`} exit={exit} index={index} />)}
      {canAdd && <div className="box-exit box-more">draw to add a key<Handle type="source" id="more" position={Position.Right} /></div>}
      {data.usage && <Usage {...data.usage} />}
    </div>
  );
});

function Exit({ exit: { key, label, target }, index }) {
  return (
    <div className={target ? "box-exit" : "box-exit box-nowhere"}>
      {key && <kbd>{key}</kbd>}
      <span className="box-label">{label || target || "nowhere"}</span>
      {!target && label && <span className="box-end">nowhere</span>}
      <Handle type="source" id={`exit-${index}`} position={Position.Right} />
    </div>
  );
}

function Badge({ errors, warnings }) {
  if (errors) return <span className="badge badge-error"><span aria-hidden="true">▲</span>{errors}<span className="visually-hidden"> errors</span></span>;
  if (warnings) return <span className="badge badge-warning"><span aria-hidden="true">◆</span>{warnings}<span className="visually-hidden"> warnings</span></span>;
  return null;
}

function Usage({ callers, to_person: toPerson, hung_up: hungUp }) {
  return (
    <div className="box-usage">
      <span><strong>{callers.toLocaleString("en-US")}</strong> callers</span>
      {toPerson > 0 && <span><kbd>0</kbd>{toPerson.toLocaleString("en-US")}</span>}
      {hungUp > 0 && <span>hung up {hungUp.toLocaleString("en-US")}</span>}
    </div>
  );
}
