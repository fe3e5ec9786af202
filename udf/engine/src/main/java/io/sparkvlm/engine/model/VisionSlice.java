package io.sparkvlm.engine.model;

import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.api.VisionInput;
import java.util.ArrayList;
import java.util.List;

/**
 * One temporal slice of an image or video. No slice sees another, so the vision tower takes them in any company.
 *
 * @param input the number of the image or video
 * @param index of the slice in it
 * @param grid of the slice
 */
record VisionSlice(int input, int index, PatchGrid grid) {
    /** All slices in order, in runs of at most so many patches; a slice that has more is a run of its own. */
    static List<List<VisionSlice>> runs(List<VisionInput> inputs, int mostPatches) {
        List<List<VisionSlice>> runs = new ArrayList<>();
        List<VisionSlice> run = new ArrayList<>();
        int patches = 0;
        for (int input = 0; input < inputs.size(); input++) {
            PatchGrid whole = inputs.get(input).grid();
            PatchGrid grid = new PatchGrid(1, whole.h(), whole.w(), whole.geometry());
            for (int index = 0; index < whole.t(); index++) {
                if (patches > 0 && patches + grid.patches() > mostPatches) {
                    runs.add(run);
                    run = new ArrayList<>();
                    patches = 0;
                }
                run.add(new VisionSlice(input, index, grid));
                patches += grid.patches();
            }
        }
        if (!run.isEmpty()) {
            runs.add(run);
        }
        return runs;
    }

    int patches() {
        return grid.patches();
    }

    /** Its first token among those of its image or video. */
    int firstToken() {
        return index * grid.tokens();
    }
}
