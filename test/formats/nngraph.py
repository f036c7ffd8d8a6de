"""The parts of torch's nn, nngraph and graph that decide how a network of modules lies in a Torch7 file: which
fields a module has, and in which order a graph of nodes is kept. Made from the libraries' documented behavior, for
fixtures; it computes nothing.
"""

from t7_writer import Key, Object, empty_tensor


def module(name, prefix="nn", **fields):
    """A module after a training step: its parameters, and the buffers that florigen ignores."""
    buffers = {"_type": "torch.FloatTensor", "train": True, "output": empty_tensor(), "gradInput": empty_tensor()}
    return Object(f"{prefix}.{name}", {**buffers, **fields})


def sequential(*modules):
    return module("Sequential", modules=list(modules))


class Node:
    """A node while a graph is built: nngraph's `module()(inputs...)`. `data` is the table that all graphs share."""

    def __init__(self, data=None, module=None, inputs=()):
        self.data = {"annotations": {}, "mapindex": {}, "reverseMap": {}, **(data or {})}
        if module is not None:
            self.data["module"] = module
        self.children = []
        for node in inputs:
            self.add(node)

    def add(self, child):
        self.children.append(child)
        index = self.data["mapindex"]
        place = len(index) // 2 + 1
        index[place] = child.data
        index[Key(child.data)] = place

    def split(self, count):
        middle = Node({"nSplitOutputs": count}, inputs=[self])
        return [Node({"selectindex": i + 1, "input": {}}, inputs=[middle]) for i in range(count)]


class Graph:
    """Edges in the order in which they were found, as graph.Graph keeps them."""

    def __init__(self, edges):
        self.edges, self.nodes, self.children = edges, [], {}
        for source, target in edges:
            for node in (source, target):
                if node not in self.nodes:
                    self.nodes.append(node)
                    self.children[node] = []
            if target not in self.children[source]:
                self.children[source].append(target)

    @staticmethod
    def below(root):
        edges, queue, seen = [], [root], {root}
        while queue:
            node = queue.pop(0)
            edges += [(node, child) for child in node.children]
            for child in node.children:
                if child not in seen:
                    seen.add(child)
                    queue.append(child)
        return Graph(edges)

    def reverse(self):
        return Graph([(target, source) for source, target in self.edges])

    def topological(self):
        """Depth first through the reversed graph, each node after those that it needs."""
        backwards, order = self.reverse(), []

        def visit(node):
            for child in backwards.children[node]:
                if child not in order:
                    visit(child)
            order.append(node)

        targets = {target for _, target in backwards.edges}
        visit(next(node for node in backwards.nodes if node not in targets))
        return order

    def objects(self):
        """The graph as the file has it: nodes with their children, edges, both also as maps from object to place."""
        made = {node: Object("nngraph.Node", {"data": node.data, "id": i + 1, "visited": False, "marked": False})
                for i, node in enumerate(self.nodes)}
        for node, item in made.items():
            item.fields["children"] = both_ways([made[child] for child in self.children[node]])
        edges = [Object("graph.Edge", {"from": made[a], "to": made[b]}) for a, b in self.edges]
        graph = Object("graph.Graph", {"nodes": both_ways(list(made.values())), "edges": both_ways(edges)})
        return graph, made


def both_ways(items):
    return {**{i + 1: item for i, item in enumerate(items)}, **{Key(item): i + 1 for i, item in enumerate(items)}}


def gmodule(inputs, output):
    """nn.gModule(inputs, {output}): `modules` in the order of evaluation, and the graphs in both directions."""
    outnode, innode = Node({"input": {}}, inputs=[output]), Node({"input": {}})
    sources = [innode] if len(inputs) == 1 else innode.split(len(inputs))
    for node, source in zip(inputs, sources):
        node.add(source)
    backward = Graph.below(outnode)
    forward = backward.reverse()
    order, back_order = forward.topological(), backward.topological()
    (fg, fg_nodes), (bg, bg_nodes) = forward.objects(), backward.objects()
    modules = [node.data["module"] for node in order if "module" in node.data]
    return module("gModule", modules=modules, fg=fg, bg=bg, innode=fg_nodes[innode], outnode=bg_nodes[outnode],
                  forwardnodes=[fg_nodes[node] for node in order], nInputs=len(inputs), verbose=False,
                  backwardnodes=[bg_nodes[node] for node in back_order])
