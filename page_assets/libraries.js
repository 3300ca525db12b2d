// What report.js uses of the two libraries, and no more.
import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
} from "echarts/components";
import * as echarts from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";
import { FilterModule, FormatModule, ResponsiveLayoutModule, SortModule, Tabulator } from "tabulator-tables";

echarts.use([
  BarChart,
  LineChart,
  ScatterChart,
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
  LabelLayout,
  CanvasRenderer,
]);
Tabulator.registerModule([FilterModule, FormatModule, ResponsiveLayoutModule, SortModule]);

globalThis.libraries = { Tabulator, echarts };
